using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Transposes constant matrices, quantized or not, so that no operation has to.</summary>
internal static class TransposeConstants
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode node in graph.Nodes.Where(node => node.OpType == "Transpose" && node.Output.Shape.Count == 2).ToArray())
        {
            GraphValue input = node.Inputs[0]!;
            if (input.Constant is { Type: ElementType.Float } matrix)
            {
                graph.ReplaceUses(node.Output, Transpose(graph, input.Name, matrix));
                graph.Nodes.Remove(node);
            }
            else if (graph.Producer(input) is FakeQuantizeNode { Input.Constant: { Type: ElementType.Float } weight } quantizer)
            {
                GraphValue transposed = Transpose(graph, quantizer.Input.Name, weight);
                Quantization quantization = quantizer.Quantization with { Axes = [.. quantizer.Quantization.Axes.Select(axis => 1 - axis)] };
                graph.Replace(node, new FakeQuantizeNode(transposed, node.Output, quantization));
            }
        }
    }

    private static GraphValue Transpose(OnnxGraph graph, string name, GraphConstant matrix)
    {
        (int rows, int columns) = ((int)matrix.Shape[0], (int)matrix.Shape[1]);
        float[] from = matrix.Floats();
        float[] to = new float[from.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                to[(column * rows) + row] = from[(row * columns) + column];
            }
        }

        return graph.Constant($"{name}.T", GraphConstant.Of(to, columns, rows));
    }
}
