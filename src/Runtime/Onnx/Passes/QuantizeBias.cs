using QuantGen.Numerics.Formats;
using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Stores the bias of a quantized layer as 32-bit integers in units of input scale · weight scale, as integer kernels add it to their sums.
/// </summary>
/// <remarks>
/// The scale of a channel's weights therefore decides how well its bias is kept. Where all weights of a channel are zero, the scale is free: it is chosen
/// for the bias. A channel that batch normalization all but switches off has a scale so small that its bias does not fit; it gets a larger one, and its
/// weights are rounded again: beside such a bias they are far below one step of the output.
/// </remarks>
internal static class QuantizeBias
{
    // Leaves the kernels' sums as much room again.
    private const double LargestBias = 1 << 30;

    // Of float32: below it, kernels may take a scale for zero.
    private const double SmallestNormal = 1.17549435e-38;

    /// <summary>Runs the pass; after activations and weights have their operators.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode layer in graph.Nodes.Where(node => node.OpType is "Conv" or "ConvTranspose" or "Gemm" && node.Inputs.Count > 2).ToArray())
        {
            if (layer.Inputs[2]?.Constant is not { Type: ElementType.Float } bias
                || graph.Producer(layer.Inputs[0]) is not { OpType: "DequantizeLinear" } input || input.Inputs[1] is not { Constant.Shape.Length: 0 } inputScale
                || graph.Producer(layer.Inputs[1]) is not { OpType: "DequantizeLinear" } dequantize)
            {
                continue;
            }

            if (layer.OpType == "ConvTranspose")
            {
                QuantizeFreely(graph, layer, bias.Floats());
            }
            else if (dequantize.Inputs[0]!.Constant is { Type: ElementType.Int8 } integers && HasOutputChannelsFirst(layer, dequantize))
            {
                Quantize(graph, layer, bias.Floats(), inputScale.Constant!.Floats()[0], dequantize, integers);
            }
        }
    }

    private static bool HasOutputChannelsFirst(GraphNode layer, GraphNode dequantize)
        => (layer.OpType == "Conv" || layer.Integer("transB", 0) == 1)
            && (dequantize.Inputs[1]!.Shape.Count == 0 || dequantize.Integer("axis", 1) == 0);

    // No integer kernel adds this bias. ONNX Runtime would store a float one in units of input scale · weight scale all the same, whether it fits or not.
    private static void QuantizeFreely(OnnxGraph graph, GraphNode layer, float[] bias)
    {
        float step = (float)Math.Max(bias.Max(Math.Abs) / LargestBias, SmallestNormal);
        layer.Inputs[2] = QuantizeOperators.DequantizedBias(graph, layer, [.. bias.Select(value => (int)Math.Round(value / (double)step))], [step]);
    }

    private static void Quantize(OnnxGraph graph, GraphNode layer, float[] bias, float inputScale, GraphNode dequantize, GraphConstant integers)
    {
        float[] given = dequantize.Inputs[1]!.Constant!.Floats();
        bool perChannel = dequantize.Inputs[1]!.Shape.Count > 0;
        float[] scales = [.. bias.Select((_, channel) => given[channel % given.Length])];
        sbyte[] weights = integers.SignedBytes();
        if (FitScales(scales, weights, bias, inputScale))
        {
            // One range for all weights becomes one for each channel, so that those of other channels stay as they are.
            perChannel = true;
            layer.Inputs[1] = QuantizeOperators.ReplaceWeight(graph, layer, dequantize, weights, scales, perChannel);
        }

        float[] steps = [.. (perChannel ? scales : given).Select(scale => inputScale * scale)];
        int[] values = [.. bias.Select((value, channel) => (int)Math.Round(value / (double)steps[channel % steps.Length]))];
        layer.Inputs[2] = QuantizeOperators.DequantizedBias(graph, layer, values, steps);
    }

    // Changes scales, and weights with them, where a bias needs it; says whether there was such a channel.
    private static bool FitScales(float[] scales, sbyte[] weights, float[] bias, float inputScale)
    {
        int inner = weights.Length / scales.Length;
        bool changed = false;
        for (int channel = 0; channel < scales.Length; channel++)
        {
            Span<sbyte> row = weights.AsSpan(channel * inner, inner);
            double least = Math.Abs(bias[channel]) / (LargestBias * inputScale);
            float scale = scales[channel];
            if (!row.ContainsAnyExcept((sbyte)0))
            {
                scale = (float)Math.Max(least, RealRange.SmallestStep);
            }
            else if (scale < least)
            {
                Rescale(row, scale / least);
                scale = (float)least;
            }

            changed |= scale != scales[channel];
            scales[channel] = scale;
        }

        return changed;
    }

    private static void Rescale(Span<sbyte> weights, double factor)
    {
        foreach (ref sbyte weight in weights)
        {
            weight = (sbyte)Math.Round(weight * factor);
        }
    }
}
