using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Builds QuantizeLinear and DequantizeLinear.</summary>
internal static class QuantizeOperators
{
    /// <summary>A pair that stands for a quantizer.</summary>
    /// <param name="graph">The graph, for names.</param>
    /// <param name="node">The quantizer.</param>
    /// <param name="steps">The scales: one, or one for each index of the axis.</param>
    /// <param name="zeroPoint">The integer that stands for zero.</param>
    /// <param name="type">The type of the integers.</param>
    public static (GraphNode Quantize, GraphNode Dequantize) Pair(OnnxGraph graph, FakeQuantizeNode node, float[] steps, int zeroPoint, ElementType type)
    {
        Quantization quantization = node.Quantization;
        (GraphValue scale, GraphValue zero) = Parameters(graph, quantization, steps, zeroPoint, type);
        GraphValue integers = new(graph.UniqueName($"{quantization.Quantizer}/QuantizeLinear"), type, [.. node.Output.Shape]);
        return (
            WithAxis(new("QuantizeLinear", [node.Input, scale, zero], integers, node.Layer), quantization),
            WithAxis(new("DequantizeLinear", [integers, scale, zero], node.Output, node.Layer), quantization));
    }

    /// <summary>The way back from stored integers.</summary>
    public static GraphNode Dequantize(OnnxGraph graph, GraphValue integers, GraphValue output, Quantization quantization, float[] steps, int zeroPoint)
    {
        (GraphValue scale, GraphValue zero) = Parameters(graph, quantization, steps, zeroPoint, integers.Type);
        return WithAxis(new("DequantizeLinear", [integers, scale, zero], output, quantization.Quantizer), quantization);
    }

    private static GraphNode WithAxis(GraphNode node, Quantization quantization)
    {
        if (quantization.Axis is { } axis)
        {
            node.Attributes.Add("axis", axis);
        }

        return node;
    }

    // Of rank 0 for one range: ONNX Runtime's integer kernels take no vector of one there.
    private static (GraphValue Scale, GraphValue Zero) Parameters(OnnxGraph graph, Quantization quantization, float[] steps, int zeroPoint, ElementType type)
    {
        long[] shape = quantization.Axis is null ? [] : [steps.Length];
        GraphConstant zeros = type == ElementType.UInt8
            ? GraphConstant.Of([.. Enumerable.Repeat((byte)zeroPoint, steps.Length)], shape)
            : GraphConstant.Of([.. Enumerable.Repeat((sbyte)zeroPoint, steps.Length)], shape);
        return (
            graph.Constant($"{quantization.Quantizer}.scale", GraphConstant.Of(steps, shape)),
            graph.Constant($"{quantization.Quantizer}.zero_point", zeros));
    }
}
