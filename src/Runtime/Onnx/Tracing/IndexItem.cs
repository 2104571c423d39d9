using System.Reflection;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

/// <summary>What stands between the brackets of <c>x[…]</c> for one dimension, or for none.</summary>
internal enum IndexKind
{
    /// <summary>A new dimension of size 1.</summary>
    NewAxis,

    /// <summary>One index, whose dimension goes away.</summary>
    Single,

    /// <summary>A range of indices.</summary>
    Slice,

    /// <summary>All dimensions that nothing else stands for.</summary>
    Ellipsis,

    /// <summary>A truth value, which the export does not know.</summary>
    Truth,

    /// <summary>A tensor of indices or of truth values.</summary>
    Tensor,
}

/// <summary>One item of an index.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">The index, or the start of a range.</param>
/// <param name="Stop">The end of a range.</param>
/// <param name="Step">The step of a range.</param>
/// <param name="Tensor">The tensor.</param>
internal readonly record struct IndexItem(IndexKind Kind, long? Start = null, long? Stop = null, long? Step = null, TracedTensor? Tensor = null)
{
    // TorchSharp shows nobody what a TensorIndex says.
    private static readonly FieldInfo s_kind = Field("kind");
    private static readonly FieldInfo s_start = Field("startIndexOrBoolOrSingle");
    private static readonly FieldInfo s_stop = Field("stopIndex");
    private static readonly FieldInfo s_step = Field("step");
    private static readonly FieldInfo s_tensor = Field("tensor");

    /// <summary>Reads TorchSharp's.</summary>
    public static IndexItem Of(TensorIndex index)
    {
        object boxed = index;
        (long? start, long? stop, long? step) = ((long?)s_start.GetValue(boxed), (long?)s_stop.GetValue(boxed), (long?)s_step.GetValue(boxed));
        return s_kind.GetValue(boxed)!.ToString() switch
        {
            "None" or "Null" => new(IndexKind.NewAxis),
            "Single" => new(IndexKind.Single, start ?? 0),
            "Ellipsis" => new(IndexKind.Ellipsis),
            "Bool" => new(IndexKind.Truth),
            "Tensor" => new(IndexKind.Tensor, Tensor: (Tensor?)s_tensor.GetValue(boxed)),
            "Slice" => new(IndexKind.Slice, start, stop, step),
            var kind => throw new NotSupportedException($"The export does not know an index of kind {kind}."),
        };
    }

    private static FieldInfo Field(string name)
        => typeof(TensorIndex).GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)
            ?? throw new NotSupportedException(
                $"This version of TorchSharp has no TensorIndex.{name}, by which the export reads an index; use narrow and select.");
}
