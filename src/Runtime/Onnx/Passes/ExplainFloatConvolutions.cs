using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Notes which quantized convolutions ONNX Runtime will not run in integers, and why.</summary>
internal static class ExplainFloatConvolutions
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode node in graph.Nodes.Where(node => node.OpType == "Conv"))
        {
            string? reason =
                !IsDequantized(graph, node.Inputs[0]) ? "its input has no quantizer"
                : !IsDequantized(graph, node.Inputs[1]) ? "its weight has no quantizer"
                : Hindrance(graph, node.Output);
            if (reason is not null)
            {
                graph.Notes.Add($"Convolution '{node.Layer}' runs in floating point in ONNX Runtime because {reason}.");
            }
        }
    }

    private static bool IsDequantized(OnnxGraph graph, GraphValue? value) => graph.Producer(value) is { OpType: "DequantizeLinear" };

    private static string? Hindrance(OnnxGraph graph, GraphValue output)
    {
        IReadOnlyList<GraphNode> readers = graph.Consumers(output);
        if (readers is [{ OpType: "Relu" } relu])
        {
            readers = graph.Consumers(relu.Output);
            if (readers is [{ OpType: "QuantizeLinear" } quantize] && quantize.Inputs[2]!.Constant is { Type: ElementType.UInt8 } zero && zero.Bytes[0] != 0)
            {
                return $"quantizer '{quantize.Layer}' behind its ReLU is signed; annotate the model with Target = QuantTarget.OnnxRuntime, "
                    + "so that calibration finds unsigned ranges";
            }
        }

        return readers switch
        {
            [{ OpType: "QuantizeLinear" }] => null,
            [] => "its output is the model's output",
            [..] when readers.Count > 1 && readers.All(reader => reader.OpType == "QuantizeLinear")
                => "its output is quantized in several ways; calibrate the quantizers of that tensor with one method",
            [..] => "its output has no quantizer; annotate the model with Target = QuantTarget.OnnxRuntime",
        };
    }
}
