using QuantGen.Numerics.Formats;
using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Folds a batch normalization into the convolution or linear layer before it: w′ = w · f and b′ = (b - mean) · f + β with f = γ / √(variance + ε).
/// Weights that are stored as integers stay as they are and their scales take f, which is exact; a negative f turns the integers' signs.
/// </summary>
internal static class FoldBatchNorm
{
    // The smallest normal float32: what is below loses digits.
    private const double SmallestScale = 1.17549435e-38;

    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (GraphNode norm in graph.Nodes.Where(node => node.OpType == "BatchNormalization").ToArray())
        {
            if (graph.Producer(norm.Inputs[0]) is not { } layer || !HasChannelsFirst(layer) || !graph.HasOneReader(layer.Output)
                || norm.Inputs.Skip(1).Any(input => input?.Constant is null) || layer.Inputs.Skip(2).Any(bias => bias?.Constant is null))
            {
                continue;
            }

            (double[] factors, double[] offsets) = Affine(norm, layer.Inputs.Count > 2 ? layer.Inputs[2]!.Constant!.Floats() : null);
            if (!ScaleWeight(graph, layer, factors))
            {
                continue;
            }

            GraphValue bias = graph.Constant($"{layer.Layer}.bias", GraphConstant.Of([.. offsets.Select(value => (float)value)], offsets.Length));
            GraphNode folded = new(layer.OpType, [layer.Inputs[0], layer.Inputs[1], bias], norm.Output, layer.Layer, layer.Name);
            foreach ((string name, GraphAttribute value) in layer.Attributes)
            {
                folded.Attributes.Add(name, value);
            }

            graph.Replace(norm, folded);
            graph.Nodes.Remove(layer);
        }
    }

    private static bool HasChannelsFirst(GraphNode layer) => layer.OpType == "Conv" || (layer.OpType == "Gemm" && layer.Integer("transB", 0) == 1);

    private static (double[] Factors, double[] Offsets) Affine(GraphNode norm, float[]? bias)
    {
        float[] gamma = norm.Inputs[1]!.Constant!.Floats(), beta = norm.Inputs[2]!.Constant!.Floats();
        float[] mean = norm.Inputs[3]!.Constant!.Floats(), variance = norm.Inputs[4]!.Constant!.Floats();
        double epsilon = norm.Number("epsilon", 1e-5f);
        double[] factors = [.. gamma.Select((value, channel) => value / Math.Sqrt(variance[channel] + epsilon))];
        double[] offsets = [.. factors.Select((factor, channel) => (((bias?[channel] ?? 0.0) - mean[channel]) * factor) + beta[channel])];
        return (factors, offsets);
    }

    private static bool ScaleWeight(OnnxGraph graph, GraphNode layer, double[] factors)
    {
        GraphValue weight = layer.Inputs[1]!;
        if (weight.Constant is { Type: ElementType.Float } data)
        {
            float[] values = data.Floats();
            int inner = values.Length / factors.Length;
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (float)(values[i] * factors[i / inner]);
            }

            layer.Inputs[1] = graph.Constant(weight.Name, GraphConstant.Of(values, data.Shape));
            return true;
        }

        if (graph.Producer(weight) is { OpType: "DequantizeLinear" } dequantize && dequantize.Inputs[0]!.Constant is { Type: ElementType.Int8 } integers
            && dequantize.Integer("axis", 0) == 0)
        {
            layer.Inputs[1] = Rescale(graph, layer, dequantize, integers, factors);
            return true;
        }

        return false;
    }

    private static GraphValue Rescale(OnnxGraph graph, GraphNode layer, GraphNode dequantize, GraphConstant integers, double[] factors)
    {
        sbyte[] values = integers.SignedBytes();
        float[] scales = dequantize.Inputs[1]!.Constant!.Floats();
        float[] rescaled = new float[factors.Length];
        int inner = values.Length / factors.Length;
        int saturated = 0;
        for (int channel = 0; channel < factors.Length; channel++)
        {
            double scale = scales[channel % scales.Length] * factors[channel];
            Span<sbyte> row = values.AsSpan(channel * inner, inner);
            if ((float)Math.Abs(scale) < SmallestScale)
            {
                // A channel that is switched off; scales have to be positive, and small enough for the bias that is left of it.
                row.Clear();
                scale = RealRange.SmallestStep;
            }
            else if (scale < 0)
            {
                saturated += Negate(row);
            }

            rescaled[channel] = (float)Math.Abs(scale);
        }

        if (saturated > 0)
        {
            graph.Notes.Add(
                $"Layer '{layer.Layer}' has {saturated} weights at -128 in channels whose batch normalization has a negative factor; they are 127 instead of 128 here.");
        }

        return QuantizeOperators.ReplaceWeight(graph, layer, dequantize, values, rescaled, perChannel: true);
    }

    private static int Negate(Span<sbyte> row)
    {
        int saturated = 0;
        for (int i = 0; i < row.Length; i++)
        {
            saturated += row[i] == sbyte.MinValue ? 1 : 0;
            row[i] = row[i] == sbyte.MinValue ? sbyte.MaxValue : (sbyte)-row[i];
        }

        return saturated;
    }
}
