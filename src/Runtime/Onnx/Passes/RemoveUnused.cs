using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Takes out operations whose results nothing reads.</summary>
internal static class RemoveUnused
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        HashSet<GraphValue> used = [graph.Output!];
        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            GraphNode node = graph.Nodes[i];
            if (used.Contains(node.Output))
            {
                used.UnionWith(node.Inputs.OfType<GraphValue>());
            }
            else
            {
                graph.Nodes.RemoveAt(i);
            }
        }
    }
}
