namespace QuantGen.Onnx.Graph;

/// <summary>What a quantizer does to a tensor. No operator of ONNX: each target replaces it with what its runtime wants.</summary>
internal sealed class FakeQuantizeNode(GraphValue input, GraphValue output, Quantization quantization)
    : GraphNode("FakeQuantize", [input], output, quantization.Quantizer)
{
    /// <summary>How it quantizes.</summary>
    public Quantization Quantization { get; } = quantization;

    /// <summary>The tensor that is quantized.</summary>
    public GraphValue Input => Inputs[0]!;
}
