using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Gives each operation that reads a stored weight integers of its own, also where a layer is called more than once: under its option
/// <c>session.x64quantprecision</c>, ONNX Runtime stores the weight of each operation anew and does not load a file in which two have the same.
/// </summary>
internal static class SeparateWeights
{
    /// <summary>Runs the pass; after everything that replaces weights.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode dequantize in graph.Nodes.Where(IsWeight).ToArray())
        {
            foreach (GraphNode reader in graph.Consumers(dequantize.Output).Skip(1))
            {
                GraphValue output = new(graph.UniqueName(dequantize.Output.Name), ElementType.Float, [.. dequantize.Output.Shape]);
                IEnumerable<GraphValue> constants = dequantize.Inputs.Select(input => graph.Constant(input!.Name, input.Constant!));
                GraphNode copy = new("DequantizeLinear", constants, output, dequantize.Layer);
                foreach ((string name, GraphAttribute value) in dequantize.Attributes)
                {
                    copy.Attributes.Add(name, value);
                }

                graph.Nodes.Insert(graph.Nodes.IndexOf(dequantize) + 1, copy);
                reader.Inputs[reader.Inputs.IndexOf(dequantize.Output)] = output;
            }
        }
    }

    private static bool IsWeight(GraphNode node) => node.OpType == "DequantizeLinear" && node.Inputs[0]!.Constant is { Type: ElementType.Int8 };
}
