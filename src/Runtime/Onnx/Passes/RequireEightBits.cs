using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Stops at quantizers that 8-bit quantize and dequantize operators cannot express.</summary>
internal static class RequireEightBits
{
    /// <summary>Runs the pass.</summary>
    /// <exception cref="NotSupportedException">Another width, E4M3, or ranges that vary over several axes.</exception>
    public static void Run(OnnxGraph graph)
    {
        foreach (Quantization quantization in graph.Nodes.OfType<FakeQuantizeNode>().Select(node => node.Quantization))
        {
            if (quantization.NumBits.IsE4M3 || quantization.NumBits.Bits != 8)
            {
                string format = quantization.NumBits.IsE4M3 ? "E4M3 floats" : $"{quantization.NumBits.Bits} bits";
                throw new NotSupportedException(
                    $"Quantizer '{quantization.Quantizer}' quantizes to {format}, but this target takes 8-bit integers. "
                    + "Export a profile of the model with 8 bits, or use OnnxTarget.Float for the model without its quantizers.");
            }

            if (quantization.Axes.Length > 1)
            {
                throw new NotSupportedException(
                    $"Quantizer '{quantization.Quantizer}' has ranges over {quantization.Axes.Length} axes, but ONNX knows one. Quantize per tensor or per channel.");
            }
        }
    }
}
