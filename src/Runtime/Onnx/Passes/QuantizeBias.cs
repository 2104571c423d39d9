using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Stores the bias of a quantized layer as 32-bit integers in units of input scale · weight scale, as integer kernels add it to their sums.
/// </summary>
/// <remarks>
/// A channel that batch normalization all but switches off has a weight scale so small that its bias does not fit. It gets a larger one, and its weights
/// are rounded again: beside such a bias they are far below one step of the output.
/// </remarks>
internal static class QuantizeBias
{
    // Leaves the kernels' sums as much room again.
    private const double LargestBias = 1 << 30;

    /// <summary>Runs the pass; after activations and weights have their operators.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode layer in graph.Nodes.Where(node => node.OpType is "Conv" or "Gemm" && node.Inputs.Count > 2).ToArray())
        {
            if (layer.Inputs[2]!.Constant is { Type: ElementType.Float } bias && layer.Inputs[1] is { } weight
                && Scales(graph, layer.Inputs[0]) is { Constant.Shape.Length: 0 } inputScale
                && graph.Producer(weight) is { OpType: "DequantizeLinear" } dequantize
                && dequantize.Inputs[0]!.Constant is { Type: ElementType.Int8 } integers && HasOutputChannelsFirst(layer, dequantize))
            {
                Quantize(graph, layer, bias.Floats(), inputScale.Constant!.Floats()[0], dequantize, integers);
            }
        }
    }

    private static GraphValue? Scales(OnnxGraph graph, GraphValue? value)
        => graph.Producer(value) is { OpType: "DequantizeLinear" } dequantize ? dequantize.Inputs[1] : null;

    private static bool HasOutputChannelsFirst(GraphNode layer, GraphNode dequantize)
        => (layer.OpType == "Conv" || layer.Integer("transB", 0) == 1)
            && (dequantize.Inputs[1]!.Shape.Count == 0 || dequantize.Integer("axis", 1) == 0);

    private static void Quantize(OnnxGraph graph, GraphNode layer, float[] bias, float inputScale, GraphNode dequantize, GraphConstant integers)
    {
        float[] weightScales = dequantize.Inputs[1]!.Constant!.Floats();
        sbyte[] weights = integers.SignedBytes();
        bool perChannel = dequantize.Inputs[1]!.Shape.Count > 0;
        int inner = weights.Length / weightScales.Length;
        bool widened = false;
        for (int channel = 0; channel < weightScales.Length; channel++)
        {
            double largest = perChannel ? Math.Abs(bias[channel]) : bias.Max(Math.Abs);
            double least = largest / (LargestBias * inputScale);
            if (weightScales[channel] < least)
            {
                Rescale(weights.AsSpan(channel * inner, inner), weightScales[channel] / least);
                (weightScales[channel], widened) = ((float)least, true);
            }
        }

        if (widened)
        {
            layer.Inputs[1] = QuantizeOperators.ReplaceWeight(graph, layer, dequantize, weights, weightScales, perChannel);
        }

        float[] scales = [.. weightScales.Select(scale => inputScale * scale)];
        int[] values = [.. bias.Select((value, channel) => (int)Math.Round(value / (double)scales[channel % scales.Length]))];
        layer.Inputs[2] = QuantizeOperators.DequantizedBias(graph, layer, values, scales);
    }

    private static void Rescale(Span<sbyte> weights, double factor)
    {
        foreach (ref sbyte weight in weights)
        {
            weight = (sbyte)Math.Round(weight * factor);
        }
    }
}
