using System.Diagnostics.CodeAnalysis;
using QuantGen.Onnx.Converters;
using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

/// <summary>
/// Stands for a tensor while a model is traced for an export: computes what a tensor would compute, and records it.
/// </summary>
/// <remarks>
/// Members are named as those of <see cref="Tensor"/>, so that a <c>forward</c> can be compiled again over this type.
/// A real tensor goes along, so that shapes and decisions that depend on them are those of the example; the first dimension of the
/// model's input is the batch, which the export leaves open. Operations in place change this object, as they do with a tensor;
/// views do not share memory here, so that a change in place of one does not show in another.
/// </remarks>
public sealed partial class TracedTensor : IDisposable
{
    private readonly GraphTrace? _trace;
    private Tensor _value;
    private GraphValue? _node;
    private int? _batchAxis;

    private readonly (TensorQuantizer Quantizer, Tensor Value)? _quantized;

    internal TracedTensor(GraphTrace? trace, Tensor value, GraphValue? node, int? batchAxis)
        => (_trace, _value, _node, _batchAxis) = (trace, value, node, batchAxis);

    /// <summary>A constant that a quantizer made of another.</summary>
    internal TracedTensor(TensorQuantizer quantizer, Tensor constant, Tensor value)
        : this(null, value, null, null) => _quantized = (quantizer, constant);

    /// <summary>The example's value.</summary>
    internal Tensor Value => _value;

    /// <summary>The value of the graph; null for a constant that no operation has read yet.</summary>
    internal GraphValue? Node => _node;

    /// <summary>The dimension whose size goes with the batch; null where there is none.</summary>
    internal int? BatchAxis => _batchAxis;

    /// <summary>The trace; null for a constant.</summary>
    internal GraphTrace? Trace => _trace;

    /// <summary>The sizes, those of the example. A number computed from them is fixed in the export, but for the batch in a view or reshape.</summary>
    public long[] shape => _value.shape;

    /// <summary>The number of dimensions.</summary>
    public long ndim => _value.ndim;

    /// <summary>The number of dimensions.</summary>
    public long Dimensions => _value.ndim;

    /// <summary>The type of the elements.</summary>
    public ScalarType dtype => _value.dtype;

    /// <summary>The device of the example's value.</summary>
    public Device device => _value.device;

    /// <summary>A tensor that was not computed from the model's input, such as a parameter: a constant of the export.</summary>
    /// <param name="value">The tensor.</param>
    [return: NotNullIfNotNull(nameof(value))]
    public static implicit operator TracedTensor?(Tensor? value) => value is null ? null : FromTensor(value);

    /// <summary>A tensor that was not computed from the model's input, such as a parameter: a constant of the export.</summary>
    /// <param name="value">The tensor.</param>
    public static TracedTensor FromTensor(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(null, value, null, null);
    }

    /// <summary>The number of dimensions.</summary>
    public long dim() => _value.ndim;

    /// <summary>The sizes.</summary>
    public long[] size() => _value.shape;

    /// <summary>A size.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public long size(int dim) => _value.size(dim);

    /// <summary>The number of elements.</summary>
    public long numel() => _value.numel();

    /// <summary>This tensor: a trace keeps its tensors until it is done.</summary>
    public TracedTensor MoveToOuterDisposeScope() => this;

    /// <summary>This tensor: a trace keeps its tensors until it is done.</summary>
    public TracedTensor DetachFromDisposeScope() => this;

    /// <summary>Does nothing: a trace keeps its tensors until it is done.</summary>
    public void Dispose()
    {
    }

    /// <summary>The same values; a later change in place of one does not show in the other.</summary>
    public TracedTensor alias() => new(_trace, _value, _node, _batchAxis);

    /// <inheritdoc cref="alias"/>
    public TracedTensor clone() => alias();

    /// <inheritdoc cref="alias"/>
    public TracedTensor detach() => alias();

    /// <inheritdoc cref="alias"/>
    public TracedTensor contiguous() => alias();

    /// <summary>This tensor for an operation of a trace: the quantizer of a constant is recorded now.</summary>
    internal TracedTensor In(GraphTrace? trace)
        => trace is not null && _quantized is var (quantizer, constant) ? QuantizerConverter.RecordWeight(quantizer, constant, trace) : this;

    /// <summary>Records an operation whose result has the batch where broadcasting leaves it; a constant where all inputs are.</summary>
    internal static TracedTensor Elementwise(
        string opType, Tensor value, ReadOnlySpan<TracedTensor?> inputs, params ReadOnlySpan<(string Name, GraphAttribute Value)> attributes)
    {
        int? batchAxis = null;
        foreach (TracedTensor? input in inputs)
        {
            batchAxis ??= input?.BatchAxis + (int)(value.ndim - input?.ndim ?? 0);
        }

        return Record(opType, value, batchAxis, inputs, attributes);
    }

    /// <summary>Records an operation; a constant where all inputs are.</summary>
    internal static TracedTensor Record(
        string opType, Tensor value, int? batchAxis, ReadOnlySpan<TracedTensor?> inputs, params ReadOnlySpan<(string Name, GraphAttribute Value)> attributes)
    {
        foreach (TracedTensor? input in inputs)
        {
            if (input?._trace is { } trace)
            {
                return trace.Record(opType, value, batchAxis, inputs, attributes);
            }
        }

        return FromTensor(value);
    }

    // What an operation in place leaves behind, in this object too.
    internal TracedTensor Become(TracedTensor result)
    {
        (_value, _node, _batchAxis) = (result._value, result._node, result._batchAxis);
        return this;
    }
}
