using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

/// <summary>
/// The memory of a traced tensor, which all its views and aliases share. A change in place through any of them gives it new values,
/// which the others find out by its version.
/// </summary>
internal sealed class TracedMemory(GraphTrace? trace, Tensor value, GraphValue? node)
{
    /// <summary>A constant that a quantizer made of another; it is recorded when an operation of a trace reads it.</summary>
    public TracedMemory(TensorQuantizer quantizer, Tensor constant, Tensor value)
        : this((GraphTrace?)null, value, null) => Quantized = (quantizer, constant);

    /// <summary>The trace; null for a constant.</summary>
    public GraphTrace? Trace { get; private set; } = trace;

    /// <summary>The example's values. Never written to: a change in place puts another tensor here.</summary>
    public Tensor Value { get; private set; } = value;

    /// <summary>The value of the graph; null for a constant.</summary>
    public GraphValue? Node { get; private set; } = node;

    /// <summary>The quantizer that a constant comes from and what went into it; null for everything else, and once it was recorded.</summary>
    public (TensorQuantizer Quantizer, Tensor Constant)? Quantized { get; private set; }

    /// <summary>Goes up with each change.</summary>
    public int Version { get; private set; }

    /// <summary>Puts other values in.</summary>
    public void Change(GraphTrace? trace, Tensor value, GraphValue? node)
        => (Trace, Value, Node, Quantized, Version) = (trace, value, node, null, Version + 1);
}
