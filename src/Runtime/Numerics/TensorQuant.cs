using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Quantizes a tensor to integers.</summary>
public static class TensorQuant
{
    /// <summary>
    /// <c>clamp(round(x · s), low, high)</c> with <c>s = high / amax</c>, rounding half to even; dequantize with <c>q / s</c>.
    /// The gradient is the straight-through estimator's, as for <see cref="FakeQuant.Apply"/>.
    /// </summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="amax">The largest absolute value of the range; any shape that broadcasts to the input's. Up to 2⁻²⁴ it counts as zero.</param>
    /// <param name="numBits">The number of bits, 2 to 16 as a rule.</param>
    /// <param name="unsigned">Whether the range is 0 to 2ⁿ-1, for values that are never negative.</param>
    /// <param name="narrowRange">Whether a signed range leaves out its lowest integer; without effect on an unsigned one.</param>
    /// <param name="outputDtype">The type of the integers: the input's own (null), another floating-point type, or <c>int32</c>, which has no gradient.</param>
    /// <returns>Integers of the input's shape, and the scale in amax's shape and the input's type.</returns>
    /// <exception cref="ArgumentException">
    /// A negative <paramref name="amax"/>, a negative input with <paramref name="unsigned"/> (seen on the CPU),
    /// or an <paramref name="amax"/> so small that its scale is beyond half precision.
    /// </exception>
    public static (Tensor Quantized, Tensor Scale) Apply(
        Tensor input, Tensor amax, NumBits? numBits = null, bool unsigned = false, bool narrowRange = true, ScalarType? outputDtype = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(amax);
        QuantRange range = QuantRange.Of(numBits ?? 8, unsigned, narrowRange);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        if (unsigned)
        {
            QuantArguments.CheckUnsigned(input, nameof(input));
        }

        QuantArguments.CheckAmax(amax, nameof(amax));
        using var scope = NewDisposeScope();
        QuantArguments.CheckBroadcast(input, amax, nameof(amax));
        Tensor bound = amax.detach();
        (Tensor integers, Tensor scale) = QuantOperation.Compose(input, bound, range);
        Tensor output = StraightThrough.Attach(input, StraightThrough.Low(bound, range), bound, integers);
        scale = scale.to(input.dtype);
        QuantArguments.CheckScale(scale, nameof(amax));
        if (outputDtype is { } type && type != output.dtype)
        {
            output = output.to(type);
        }

        return (output.MoveToOuterDisposeScope(), scale.MoveToOuterDisposeScope());
    }
}
