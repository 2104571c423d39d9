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
            WithAxis(new("DequantizeLinear", [integers, scale, zero], node.Output, node.Layer, DequantizeName(graph, quantization)), quantization));
    }

    /// <summary>The way back from stored integers.</summary>
    public static GraphNode Dequantize(OnnxGraph graph, GraphValue integers, GraphValue output, Quantization quantization, float[] steps, int zeroPoint)
    {
        (GraphValue scale, GraphValue zero) = Parameters(graph, quantization, steps, zeroPoint, integers.Type);
        return WithAxis(new("DequantizeLinear", [integers, scale, zero], output, quantization.Quantizer, DequantizeName(graph, quantization)), quantization);
    }

    /// <summary>Gives a layer other stored integers; returns the weight for it to read.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="dequantize">The way back from its present weight.</param>
    /// <param name="values">The new integers.</param>
    /// <param name="steps">Their scales.</param>
    /// <param name="perChannel">Whether the scales are those of the indices of axis 0.</param>
    public static GraphValue ReplaceWeight(OnnxGraph graph, GraphNode layer, GraphNode dequantize, ReadOnlySpan<sbyte> values, float[] steps, bool perChannel)
    {
        GraphValue old = dequantize.Inputs[0]!;
        int[] axes = perChannel ? [0] : [];
        Quantization quantization = new(dequantize.Layer, 8, Unsigned: false, NarrowRange: false, axes, Amax: []);
        GraphValue output = new(graph.UniqueName($"{dequantize.Layer}/DequantizeLinear"), ElementType.Float, [.. old.Shape]);
        GraphValue integers = graph.Constant(old.Name, GraphConstant.Of(values, [.. old.Shape]));
        graph.Nodes.Insert(graph.Nodes.IndexOf(layer), Dequantize(graph, integers, output, quantization, steps, zeroPoint: 0));
        return output;
    }

    /// <summary>Gives a layer a bias of 32-bit integers; returns the bias for it to read.</summary>
    public static GraphValue DequantizedBias(OnnxGraph graph, GraphNode layer, int[] values, float[] steps)
    {
        long[] shape = steps.Length == 1 && values.Length != 1 ? [] : [steps.Length];
        GraphValue integers = graph.Constant($"{layer.Layer}.bias.int32", GraphConstant.Of(values, values.Length));
        GraphValue scale = graph.Constant($"{layer.Layer}.bias.scale", GraphConstant.Of(steps, shape));
        GraphValue output = new(graph.UniqueName($"{layer.Layer}.bias/DequantizeLinear"), ElementType.Float, [values.Length]);
        GraphNode node = new("DequantizeLinear", [integers, scale], output, layer.Layer);
        if (shape.Length > 0)
        {
            node.Attributes.Add("axis", 0);
        }

        graph.Nodes.Insert(graph.Nodes.IndexOf(layer), node);
        return output;
    }

    private static string DequantizeName(OnnxGraph graph, Quantization quantization) => graph.UniqueName($"{quantization.Quantizer}/DequantizeLinear");

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
