using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;

namespace QuantGen.Statistics.Searches;

/// <summary>The squared error that quantization makes on weighted values that are not negative, for one amax after the other.</summary>
internal sealed class SquaredErrorKernel
{
    private readonly float[] _values, _weights;
    private readonly double[] _tailCount, _tailSum, _tailSquares;
    private readonly float _high;
    private readonly bool _isE4M3;

    /// <summary>Prepares running sums, so that the values beyond an amax need not be visited.</summary>
    /// <param name="values">The values, ascending.</param>
    /// <param name="weights">How often each value occurs.</param>
    /// <param name="high">What amax is scaled to: the largest integer, or 448.</param>
    /// <param name="isE4M3">Whether to round to E4M3 instead of integers.</param>
    public SquaredErrorKernel(float[] values, float[] weights, float high, bool isE4M3)
    {
        (_values, _weights, _high, _isE4M3) = (values, weights, high, isE4M3);
        int count = _values.Length;
        (_tailCount, _tailSum, _tailSquares) = (new double[count + 1], new double[count + 1], new double[count + 1]);
        for (int i = count - 1; i >= 0; i--)
        {
            double value = _values[i], weight = _weights[i];
            _tailCount[i] = _tailCount[i + 1] + weight;
            _tailSum[i] = _tailSum[i + 1] + (weight * value);
            _tailSquares[i] = _tailSquares[i + 1] + (weight * value * value);
        }
    }

    /// <summary>Σ weight · (quantized - value)², each term in float32 as the quantization itself.</summary>
    public double Error(float amax)
    {
        bool tiny = amax <= QuantRange.SmallestAmax && !_isE4M3;
        float scale = tiny ? 0 : _isE4M3 ? 1 / amax * _high : _high / amax;
        float divisor = tiny ? 1 : scale;

        // Everything from here on becomes the largest level. A few values before it do too; they take the long way.
        int clipped = Array.BinarySearch(_values, amax);
        clipped = clipped < 0 ? ~clipped : clipped;
        double top = tiny ? 0 : _high / divisor;
        double beyond = _tailSquares[clipped] - (2 * top * _tailSum[clipped]) + (top * top * _tailCount[clipped]);
        return Math.Max(0, beyond) + Inside(clipped, scale, divisor);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Inside(int count, float scale, float divisor)
    {
        Vector512<float> scales = Vector512.Create(scale), divisors = Vector512.Create(divisor), highs = Vector512.Create(_high), sums = default;
        ref float values = ref MemoryMarshal.GetArrayDataReference(_values);
        ref float weights = ref MemoryMarshal.GetArrayDataReference(_weights);
        int i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Vector512<float> value = Vector512.LoadUnsafe(ref values, (nuint)i);
            Vector512<float> scaled = value * scales;
            Vector512<float> rounded = Vector512.Min(_isE4M3 ? Float8Rounding.ToE4M3(scaled) : Vector512.Round(scaled), highs);
            Vector512<float> error = (rounded / divisors) - value;
            sums += error * error * Vector512.LoadUnsafe(ref weights, (nuint)i);
        }

        double sum = Vector512.Sum(sums);
        for (; i < count; i++)
        {
            float scaled = _values[i] * scale;
            float rounded = _isE4M3 ? Float8Rounding.ToE4M3(Vector512.CreateScalar(scaled))[0] : MathF.Round(scaled);
            float error = (MathF.Min(rounded, _high) / divisor) - _values[i];
            sum += error * error * _weights[i];
        }

        return sum;
    }
}
