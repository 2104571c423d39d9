using System.Numerics;
using System.Runtime.CompilerServices;
using QuantGen.Numerics.Formats;

namespace QuantGen.Numerics.Kernels;

/// <summary><c>clamp(roundHalfEven(x · scale), low, high) / scale</c> with <c>scale = high / amax</c>.</summary>
/// <remarks>Optimised when first called: the runtime's slow start would last longer than what many programs have to quantize.</remarks>
internal static unsafe class IntegerRow
{
    /// <summary>Elements that have one amax.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(QuantizeJob* job, float* x, float* y, long count, float amax)
    {
        (float scale, float divisor) = ScaleOf(amax, job->High);
        Vector<float> scales = new(scale), divisors = new(divisor), lows = new(job->Low), highs = new(job->High), least = default;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> value = Vector.Load(x + i);
            least = Vector.MinNative(value, least);
            (Clamp(Vector.Round(value * scales), lows, highs) / divisors).Store(y + i);
        }

        bool negative = Vector.LessThanAny(least, Vector<float>.Zero);
        for (; i < count; i++)
        {
            negative |= x[i] < 0;
            y[i] = Clamp(MathF.Round(x[i] * scale), job->Low, job->High) / divisor;
        }

        if (negative)
        {
            job->SawNegative = true;
        }
    }

    /// <summary>Runs of all channels, where each channel has a few elements only: scales are spread out once and read along with the values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void QuantizePeriods(QuantizeJob* job, long begin, long end)
    {
        long period = job->Channels * job->Inner;
        float* scales = job->Scales, divisors = scales + period;
        Vector<float> lows = new(job->Low), highs = new(job->High), least = default;
        bool negative = false;
        for (long run = begin; run < end; run++)
        {
            float* x = job->Source + (run * period), y = job->Target + (run * period);
            long i = 0;
            for (; i <= period - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector<float> value = Vector.Load(x + i);
                least = Vector.MinNative(value, least);
                (Clamp(Vector.Round(value * Vector.Load(scales + i)), lows, highs) / Vector.Load(divisors + i)).Store(y + i);
            }

            for (; i < period; i++)
            {
                negative |= x[i] < 0;
                y[i] = Clamp(MathF.Round(x[i] * scales[i]), job->Low, job->High) / divisors[i];
            }
        }

        if (negative || Vector.LessThanAny(least, Vector<float>.Zero))
        {
            job->SawNegative = true;
        }
    }

    /// <summary>Fills the scales and divisors of a run.</summary>
    public static void SpreadScales(QuantizeJob* job)
    {
        long period = job->Channels * job->Inner;
        for (long i = 0; i < period; i++)
        {
            (job->Scales[i], job->Scales[period + i]) = ScaleOf(job->Amax[i / job->Inner], job->High);
        }
    }

    private static (float Scale, float Divisor) ScaleOf(float amax, float high)
    {
        float scale = high / amax;
        return amax <= QuantRange.SmallestAmax ? (0, 1) : (scale, scale);
    }

    // The order of operands keeps a NaN: the native minimum and maximum return the second one when either is NaN.
    private static Vector<float> Clamp(Vector<float> q, Vector<float> lows, Vector<float> highs) => Vector.MinNative(highs, Vector.MaxNative(lows, q));

    private static float Clamp(float q, float low, float high) => q < low ? low : q > high ? high : q;
}
