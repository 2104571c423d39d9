using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Gives the model's output its name, and an operation of its own where the model returns its input or a constant.</summary>
internal static class NameOutput
{
    /// <summary>Runs the pass; the last one.</summary>
    public static void Run(OnnxGraph graph)
    {
        GraphValue result = graph.Output!;
        GraphValue output = new(OnnxGraph.OutputName, result.Type, [.. result.Shape]);
        if (graph.Producer(result) is null)
        {
            graph.Nodes.Add(new("Identity", [result], output, ""));
        }
        else
        {
            graph.Rename(result, output);
        }

        graph.Output = output;
    }
}
