using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using QuantGen.Numerics.Formats;

namespace QuantGen.Numerics.Kernels;

/// <summary>Values of E4M3 scaled so that amax becomes its largest value, 448; absolute values below 2⁻²⁴ become zero.</summary>
internal static unsafe class Float8Row
{
    private const float Largest = 448;

    /// <summary>Elements that have one amax.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Quantize(QuantizeJob* job, float* x, float* y, long count, float amax)
    {
        // Two roundings, as the reference has them: reciprocal, then product.
        Vector512<float> scales = Vector512.Create(1 / amax * Largest);
        long i = 0;
        for (; i <= count - Vector512<float>.Count; i += Vector512<float>.Count)
        {
            Quantize(Vector512.Load(x + i), scales).Store(y + i);
        }

        if (i < count)
        {
            float* rest = stackalloc float[Vector512<float>.Count];
            new Span<float>(rest, Vector512<float>.Count).Clear();
            new ReadOnlySpan<float>(x + i, (int)(count - i)).CopyTo(new(rest, Vector512<float>.Count));
            Quantize(Vector512.Load(rest), scales).Store(rest);
            new ReadOnlySpan<float>(rest, (int)(count - i)).CopyTo(new(y + i, (int)(count - i)));
        }
    }

    private static Vector512<float> Quantize(Vector512<float> values, Vector512<float> scales)
    {
        Vector512<float> scaled = values * scales;
        Vector512<float> sign = scaled & Vector512.Create(-0f);
        Vector512<float> magnitude = Vector512.MinNative(Vector512.Create(Largest), Vector512.Abs(scaled));

        // The bits of a NaN are no number to round.
        Vector512<float> rounded = (Float8Rounding.ToE4M3(magnitude) | sign) / scales;
        rounded = Vector512.ConditionalSelect(Vector512.Equals(scaled, scaled), rounded, scaled);
        return Vector512.ConditionalSelect(
            Vector512.LessThan(Vector512.Abs(values), Vector512.Create(QuantRange.SmallestAmax)), Vector512<float>.Zero, rounded);
    }
}
