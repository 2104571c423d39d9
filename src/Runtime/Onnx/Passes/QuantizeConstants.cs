using QuantGen.Numerics.Formats;
using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Stores quantized constants as 8-bit integers with a DequantizeLinear behind them: a quarter of the size, and nothing to compute at load.</summary>
internal static class QuantizeConstants
{
    /// <summary>Runs the pass.</summary>
    public static void Run(OnnxGraph graph)
    {
        foreach (FakeQuantizeNode node in graph.Nodes.OfType<FakeQuantizeNode>().Where(node => node.Input.Constant is not null).ToArray())
        {
            GraphConstant data = node.Input.Constant!;
            Quantization quantization = node.Quantization;
            float[] integers = Integers(data, quantization);
            GraphConstant stored = quantization.Unsigned || quantization.Affine
                ? GraphConstant.Of([.. integers.Select(value => (byte)value)], data.Shape)
                : GraphConstant.Of([.. integers.Select(value => (sbyte)value)], data.Shape);
            graph.Replace(node, QuantizeOperators.Dequantize(
                graph, graph.Constant($"{node.Input.Name}.int8", stored), node.Output, quantization, quantization.Steps(quantization.Range.High),
                quantization.Affine ? quantization.Grid.ZeroPoint : 0));
        }
    }

    /// <summary>The integers that the quantizer rounds to, computed as it does.</summary>
    private static float[] Integers(GraphConstant data, Quantization quantization)
    {
        QuantRange range = quantization.Range;
        float[] values = data.Floats();
        if (quantization.Affine)
        {
            AffineGrid grid = quantization.Grid;
            return [.. values.Select(value => Math.Clamp(MathF.Round(value / grid.Step), grid.Low, grid.High) + grid.ZeroPoint)];
        }

        long inner = quantization.Axis is { } axis ? data.Shape[(axis + 1)..].Aggregate(1L, (a, b) => a * b) : values.Length;
        for (int i = 0; i < values.Length; i++)
        {
            float amax = quantization.Amax[(int)(i / inner % quantization.Amax.Length)];
            float scale = Quantization.IsZero(amax) ? 0 : range.High / amax;
            values[i] = Math.Clamp(MathF.Round(values[i] * scale), range.Low, range.High);
        }

        return values;
    }
}
