using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Quantizes also before operations that only move or choose elements and whose result is quantized, so that they, and the layer before them,
/// work on integers. Values do not change: quantization is monotone, and quantizing twice is quantizing once.
/// </summary>
internal static class QuantizeBeforeRearrangement
{
    private static readonly HashSet<string> s_operators =
    [
        "MaxPool", "Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Slice", "Gather", "Expand", "Tile", "Resize",
    ];

    // Of these, several may read one tensor, each with a quantizer of its own behind it.
    private static readonly HashSet<string> s_parts = ["Slice", "Gather"];

    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        // From the end, so that a quantizer wanders over several such operations.
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            if (graph.Nodes[i] is not FakeQuantizeNode { Quantization.Axis: null } quantizer || !graph.HasOneReader(quantizer.Input)
                || graph.Producer(quantizer.Input) is not { } node || !s_operators.Contains(node.OpType) || graph.Producer(node.Inputs[0]) is null or FakeQuantizeNode
                || (node.OpType == "Resize" && node.Attributes["mode"].Value is not "nearest")
                || (s_parts.Contains(node.OpType) && !AgreeOn(graph, node.Inputs[0]!, quantizer.Quantization)))
            {
                continue;
            }

            GraphValue source = node.Inputs[0]!;
            GraphValue output = new(graph.UniqueName($"{source.Name}/FakeQuantize"), ElementType.Float, [.. source.Shape]);
            int at = graph.Nodes.IndexOf(node);
            graph.Nodes.Insert(at, new FakeQuantizeNode(source, output, quantizer.Quantization));
            node.Inputs[0] = output;

            // The new one is further up, and its turn comes; what lies in between may belong to another part.
            i++;
        }
    }

    // Whether all that reads a tensor quantizes it, or the part that it takes, in one way: the layer before it works on integers only then.
    private static bool AgreeOn(OnnxGraph graph, GraphValue source, Quantization quantization)
        => source != graph.Output && graph.Consumers(source).All(reader => reader switch
        {
            FakeQuantizeNode quantizer => quantizer.Quantization.SameAs(quantization),
            _ => s_parts.Contains(reader.OpType) && reader.Inputs[0] == source && reader.Output != graph.Output
                && graph.Consumers(reader.Output) is { Count: > 0 } behind
                && behind.All(next => next is FakeQuantizeNode quantizer && quantizer.Quantization.SameAs(quantization)),
        });
}
