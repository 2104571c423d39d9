using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Replaces quantizers by operators over unsigned 8-bit integers: zero-point 0 for unsigned ranges, which lets ONNX Runtime absorb a ReLU before it,
/// 128 for signed ones, which are the same integers shifted, and their own for affine ones.
/// </summary>
internal static class UnsignedOperators
{
    private const int SignedZero = 128;

    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (FakeQuantizeNode node in graph.Nodes.OfType<FakeQuantizeNode>().ToArray())
        {
            Quantization quantization = node.Quantization;
            if (quantization is { NarrowRange: true, Unsigned: false })
            {
                graph.Notes.Add(NarrowActivation.Note(quantization));
            }

            (GraphNode quantize, GraphNode dequantize) = QuantizeOperators.Pair(
                graph, node, quantization.Steps(quantization.Range.High), ZeroPoint(quantization), ElementType.UInt8);
            graph.Replace(node, quantize, dequantize);
        }
    }

    private static int ZeroPoint(Quantization quantization) => quantization.Affine ? quantization.Grid.ZeroPoint : quantization.Unsigned ? 0 : SignedZero;
}
