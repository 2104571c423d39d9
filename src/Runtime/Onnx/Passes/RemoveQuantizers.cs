using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Takes all quantizers out.</summary>
internal static class RemoveQuantizers
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (FakeQuantizeNode node in graph.Nodes.OfType<FakeQuantizeNode>().ToArray())
        {
            graph.ReplaceUses(node.Output, node.Input);
            graph.Nodes.Remove(node);
        }
    }
}
