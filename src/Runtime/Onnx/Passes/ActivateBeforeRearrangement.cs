using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Moves functions of single elements before operations that only move elements, such as a ReLU behind a flatten or of a view that was changed in place,
/// so that they stand right behind the layer whose output they belong to. Values do not change.
/// </summary>
internal static class ActivateBeforeRearrangement
{
    private static readonly HashSet<string> s_functions = ["Relu", "Clip", "LeakyRelu", "Sigmoid", "Tanh", "Elu", "HardSigmoid", "HardSwish"];

    private static readonly HashSet<string> s_rearrangements = ["Flatten", "Reshape", "Transpose", "Squeeze", "Unsqueeze"];

    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        // From the start, so that a function wanders over several such operations.
        for (int i = 0; i < graph.Nodes.Count; i++)
        {
            if (graph.Nodes[i] is { } function && s_functions.Contains(function.OpType) && graph.Producer(function.Inputs[0]) is { } moving
                && s_rearrangements.Contains(moving.OpType) && graph.HasOneReader(moving.Output) && moving.Inputs[0]!.Constant is null)
            {
                GraphValue source = moving.Inputs[0]!;
                GraphValue result = function.Output;
                GraphValue moved = new(graph.UniqueName($"{source.Name}/{function.OpType}"), ElementType.Float, [.. source.Shape]);
                (function.Inputs[0], function.Output) = (source, moved);
                (moving.Inputs[0], moving.Output) = (function.Output, result);

                // What reads a computed shape stays in front of it.
                graph.Nodes.RemoveAt(i);
                int at = graph.Nodes.IndexOf(moving);
                graph.Nodes.Insert(at, function);
                i = at - 1;
            }
        }
    }
}
