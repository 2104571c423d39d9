using System.Numerics;
using System.Runtime.CompilerServices;

namespace QuantGen.Numerics.Kernels;

/// <summary><c>clamp(roundHalfEven(x / step), low, high) · step</c>: what ONNX's QuantizeLinear and DequantizeLinear compute, to the bit.</summary>
/// <remarks>They divide by the step and multiply with it, where symmetric ranges multiply with its reciprocal and divide by that, as the reference does.</remarks>
internal static unsafe class AffineRow
{
    /// <summary>Quantizes elements of a job.</summary>
    public static void Quantize(QuantizeJob* job, float* x, float* y, long count, float step) => Quantize(x, y, count, step, job->Low, job->High);

    /// <summary>Quantizes elements to a grid.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(float* x, float* y, long count, float step, float low, float high)
    {
        Vector<float> steps = new(step), lows = new(low), highs = new(high), zeros = default;
        long i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> rounded = Vector.Round(Vector.Load(x + i) / steps);

            // The order of operands keeps a NaN. Zero is added because rounding gives -0, which integers do not have.
            ((Vector.MinNative(highs, Vector.MaxNative(lows, rounded)) + zeros) * steps).Store(y + i);
        }

        for (; i < count; i++)
        {
            float rounded = MathF.Round(x[i] / step);
            y[i] = ((rounded < low ? low : rounded > high ? high : rounded) + 0f) * step;
        }
    }
}
