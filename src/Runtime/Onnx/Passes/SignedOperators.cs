using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Replaces quantizers by operators over signed 8-bit integers with zero-point 0, the only ones that TensorRT takes.</summary>
internal static class SignedOperators
{
    private const float High = 127;

    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        List<string> unsigned = [];
        foreach (FakeQuantizeNode node in graph.Nodes.OfType<FakeQuantizeNode>().ToArray())
        {
            Quantization quantization = node.Quantization;
            if (quantization.Unsigned)
            {
                unsigned.Add(quantization.Quantizer);
            }
            else if (quantization.NarrowRange && node.Input.Constant is { } weight)
            {
                // The operators cannot leave out -128, so that no weight may round to it.
                node.Inputs[0] = graph.Constant(node.Input.Name, Clipped(weight, quantization));
            }
            else if (quantization.NarrowRange)
            {
                graph.Notes.Add(NarrowActivation.Note(quantization));
            }

            (GraphNode quantize, GraphNode dequantize) = QuantizeOperators.Pair(graph, node, quantization.Steps(High), 0, ElementType.Int8);
            graph.Replace(node, quantize, dequantize);
        }

        if (unsigned.Count > 0)
        {
            graph.Notes.Add(
                $"{unsigned.Count} quantizers are unsigned in C# and signed here, with steps about twice as large, because TensorRT has signed integers only: "
                + $"{string.Join(", ", unsigned)}.");
        }
    }

    private static GraphConstant Clipped(GraphConstant weight, Quantization quantization)
    {
        float[] values = weight.Floats();
        long inner = quantization.Axis is { } axis ? weight.Shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b) : values.Length;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Math.Max(values[i], -quantization.Amax[(int)(i / inner % quantization.Amax.Length)]);
        }

        return GraphConstant.Of(values, weight.Shape);
    }
}
