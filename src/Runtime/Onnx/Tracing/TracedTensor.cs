using System.Diagnostics.CodeAnalysis;
using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

/// <summary>
/// Stands for a tensor while a model is traced for an export: computes what a tensor would compute, and records it.
/// </summary>
/// <remarks>
/// Members are named as those of <see cref="Tensor"/>, so that a <c>forward</c> can be compiled again over this type.
/// A real tensor goes along, so that shapes and decisions that depend on them are those of the example. Views, aliases and everything else that is the same
/// tensor in TorchSharp share their memory here too: a change in place through one of them shows in the others.
/// </remarks>
public sealed partial class TracedTensor : IDisposable
{
    /// <summary>The sizes, those of the example. What is computed from the size of the batch is found out by tracing with another one.</summary>
    public long[] shape => Value.shape;

    /// <summary>The number of dimensions.</summary>
    public long ndim => Value.ndim;

    /// <summary>The number of dimensions.</summary>
    public long Dimensions => Value.ndim;

    /// <summary>The type of the elements.</summary>
    public ScalarType dtype => Value.dtype;

    /// <summary>The device of the example's value.</summary>
    public Device device => Value.device;

    /// <summary>A tensor that was not computed from the model's input, such as a parameter: a constant of the export.</summary>
    /// <param name="value">The tensor.</param>
    [return: NotNullIfNotNull(nameof(value))]
    public static implicit operator TracedTensor?(Tensor? value) => value is null ? null : FromTensor(value);

    /// <summary>A number as a constant of no dimension.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator TracedTensor(Scalar value) => FromTensor((Tensor)value);

    /// <inheritdoc cref="op_Implicit(Scalar)"/>
    public static implicit operator TracedTensor(int value) => FromTensor(tensor(value));

    /// <inheritdoc cref="op_Implicit(Scalar)"/>
    public static implicit operator TracedTensor(long value) => FromTensor(tensor(value));

    /// <inheritdoc cref="op_Implicit(Scalar)"/>
    public static implicit operator TracedTensor(float value) => FromTensor(tensor(value));

    /// <inheritdoc cref="op_Implicit(Scalar)"/>
    public static implicit operator TracedTensor(double value) => FromTensor(tensor(value));

    /// <inheritdoc cref="op_Implicit(Scalar)"/>
    public static implicit operator TracedTensor(bool value) => FromTensor(tensor(value));

    /// <summary>A tensor that was not computed from the model's input, such as a parameter: a constant of the export.</summary>
    /// <param name="value">The tensor. A trace holds its memory, so that the tensor may be disposed.</param>
    public static TracedTensor FromTensor(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new((GraphTrace?)null, GraphTrace.Hold(value), null);
    }

    /// <summary>The number of dimensions.</summary>
    public long dim() => Value.ndim;

    /// <summary>The sizes.</summary>
    public long[] size() => Value.shape;

    /// <summary>A size.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public long size(int dim) => Value.size(dim);

    /// <summary>The number of elements.</summary>
    public long numel() => Value.numel();

    /// <summary>Records an operation; a constant where all inputs are.</summary>
    internal static TracedTensor Record(
        string opType, Tensor value, ReadOnlySpan<TracedTensor?> inputs, params ReadOnlySpan<(string Name, GraphAttribute Value)> attributes)
    {
        foreach (TracedTensor? input in inputs)
        {
            if (input?.Trace is { } trace)
            {
                return trace.Record(opType, value, inputs, attributes);
            }
        }

        return new((GraphTrace?)null, GraphTrace.Keep(value), null);
    }
}
