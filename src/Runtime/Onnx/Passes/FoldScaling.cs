using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// A product of integers and one positive number is the same integers of another scale: the number goes into DequantizeLinear, and nothing is left to compute.
/// </summary>
internal static class FoldScaling
{
    // The smallest normal float32: what is below loses digits.
    private const float SmallestScale = 1.17549435e-38f;

    /// <summary>Runs the pass; after quantizers have become operators.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode product in graph.Nodes.Where(node => node.OpType == "Mul").ToArray())
        {
            for (int i = 0; i < 2; i++)
            {
                if (graph.Producer(product.Inputs[i]) is { OpType: "DequantizeLinear" } dequantize
                    && product.Inputs[1 - i]!.Constant is { Type: ElementType.Float, Shape.Length: 0 } factor
                    && dequantize.Inputs[1] is { Constant: { Type: ElementType.Float } scale, Shape.Count: 0 })
                {
                    float folded = scale.Floats()[0] * factor.Floats()[0];
                    if (float.IsFinite(folded) && folded >= SmallestScale)
                    {
                        Replace(graph, product, dequantize, folded);
                    }

                    break;
                }
            }
        }
    }

    // The integers may have other readers: they keep the way back that they have.
    private static void Replace(OnnxGraph graph, GraphNode product, GraphNode dequantize, float scale)
    {
        GraphValue constant = graph.Constant(dequantize.Inputs[1]!.Name, GraphConstant.Of([scale], []));
        List<GraphValue?> inputs = [dequantize.Inputs[0], constant, .. dequantize.Inputs.Skip(2)];
        graph.Replace(product, new GraphNode("DequantizeLinear", inputs, product.Output, product.Layer, product.Name));
        if (graph.Consumers(dequantize.Output).Count == 0)
        {
            graph.Nodes.Remove(dequantize);
        }
    }
}
