using System.Numerics;

namespace QuantGen.Kernels;

/// <summary>The squared error that quantization makes on weighted values.</summary>
internal static class SquaredErrorKernel
{
    /// <summary>Σ weight · (quantized - value)², for values that are not negative.</summary>
    /// <param name="values">The values.</param>
    /// <param name="weights">How often each value occurs.</param>
    /// <param name="amax">The largest value of the quantizer's range, above 2⁻²⁴.</param>
    /// <param name="high">The integer that <paramref name="amax"/> becomes.</param>
    public static double Run(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, float amax, float high)
    {
        float scale = amax <= QuantRange.SmallestAmax ? 0 : high / amax;
        float divisor = scale == 0 ? 1 : scale;
        Vector<float> scales = new(scale), divisors = new(divisor), highs = new(high), sums = default;
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = new(values[i..]);
            Vector<float> error = (Vector.Min(Vector.Round(value * scales), highs) / divisors) - value;
            sums += error * error * new Vector<float>(weights[i..]);
        }

        double sum = Vector.Sum(sums);
        for (; i < values.Length; i++)
        {
            float error = (MathF.Min(MathF.Round(values[i] * scale), high) / divisor) - values[i];
            sum += error * error * weights[i];
        }

        return sum;
    }
}
