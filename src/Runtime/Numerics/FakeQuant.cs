using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Quantizes a tensor and maps it back: floating point in, floating point out, on the grid of the quantized values.</summary>
public static class FakeQuant
{
    /// <summary>
    /// <c>clamp(round(x · s), low, high) / s</c> with <c>s = high / amax</c>, rounding half to even.
    /// The gradient is the straight-through estimator's: 1 where the range is not exceeded, -amax ≤ x ≤ amax or 0 ≤ x ≤ amax for an unsigned one, otherwise 0
    /// (Bengio et al., arXiv:1308.3432).
    /// </summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="amax">The largest absolute value of the range; any shape that broadcasts to the input's. Up to 2⁻²⁴ it counts as zero.</param>
    /// <param name="numBits">The number of bits, 2 to 16 as a rule.</param>
    /// <param name="unsigned">Whether the range is 0 to 2ⁿ-1, for values that are never negative.</param>
    /// <param name="narrowRange">Whether a signed range leaves out its lowest integer and is symmetric; without effect on an unsigned one.</param>
    /// <returns>A tensor of the input's shape (or the common shape, where <paramref name="amax"/> has more dimensions) and type.</returns>
    /// <exception cref="ArgumentException">A negative <paramref name="amax"/>, or a negative input with <paramref name="unsigned"/> (seen on the
    /// CPU).</exception>
    public static Tensor Apply(Tensor input, Tensor amax, NumBits? numBits = null, bool unsigned = false, bool narrowRange = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(amax);
        QuantRange range = QuantRange.Of(numBits ?? 8, unsigned, narrowRange);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        return Quantize(input, amax, range, rejectNegative: unsigned);
    }

    /// <summary>The same for a known range; negative values into an unsigned one are an error or, on request, clipped.</summary>
    internal static Tensor Quantize(Tensor input, Tensor amax, QuantRange range, bool rejectNegative)
    {
        using var scope = NewDisposeScope();
        Tensor bound = amax.detach();
        if (QuantOperation.CanFuse(input, bound, out AmaxLayout layout))
        {
            QuantArguments.CheckAmax(bound, nameof(amax));
            Tensor result = StraightThrough.Allocate(input, bound, range);
            bool negative = QuantizeKernel.RunIntegers(input, result, bound, layout, range);
            if (negative && rejectNegative)
            {
                QuantArguments.ThrowNegativeInput(nameof(input));
            }

            return result.MoveToOuterDisposeScope();
        }

        if (rejectNegative)
        {
            QuantArguments.CheckUnsigned(input, nameof(input));
        }

        QuantArguments.CheckAmax(bound, nameof(amax));
        QuantArguments.CheckBroadcast(input, bound, nameof(amax));
        (Tensor integers, Tensor scale) = QuantOperation.Compose(input, bound, range);
        Tensor values = QuantOperation.Dequantize(integers, scale, input.dtype);
        return StraightThrough.Attach(input, StraightThrough.Low(bound, range), bound, values).MoveToOuterDisposeScope();
    }
}
