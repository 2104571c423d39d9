using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Makes quantizers that do the same to the same tensor one: a runtime computes a convolution in integers only if its output is quantized once.
/// </summary>
internal static class MergeEqualQuantizers
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        List<FakeQuantizeNode> kept = [];
        foreach (FakeQuantizeNode node in graph.Nodes.OfType<FakeQuantizeNode>().ToArray())
        {
            if (kept.Find(other => other.Input == node.Input && other.Quantization.SameAs(node.Quantization)) is { } same)
            {
                graph.ReplaceUses(node.Output, same.Output);
                graph.Nodes.Remove(node);
            }
            else
            {
                kept.Add(node);
            }
        }
    }
}
