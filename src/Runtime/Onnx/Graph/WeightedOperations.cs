namespace QuantGen.Onnx.Graph;

/// <summary>Which operations have weights, and where.</summary>
internal static class WeightedOperations
{
    private static readonly HashSet<string> s_operators = ["Conv", "ConvTranspose", "Gemm", "MatMul"];

    /// <summary>Whether a node multiplies its input with a constant weight, quantized or not.</summary>
    public static bool IsWeighted(this OnnxGraph graph, GraphNode? node)
    {
        if (node is null || !s_operators.Contains(node.OpType))
        {
            return false;
        }

        GraphValue? weight = node.Inputs[1];
        while (weight is { Constant: null } && graph.Producer(weight) is { OpType: "FakeQuantize" or "QuantizeLinear" or "DequantizeLinear" } quantizer)
        {
            weight = quantizer.Inputs[0];
        }

        return weight?.Constant is not null;
    }

    /// <summary>The weighted operation that a value comes from, directly or through its batch normalization.</summary>
    public static GraphNode? WeightedSource(this OnnxGraph graph, GraphValue? value)
    {
        GraphNode? node = graph.Producer(value);
        if (node is { OpType: "BatchNormalization" })
        {
            node = graph.Producer(node.Inputs[0]);
        }

        return graph.IsWeighted(node) ? node : null;
    }
}
