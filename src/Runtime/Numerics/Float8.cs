using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Fake quantization to 8-bit floating point (Micikevicius et al., "FP8 formats for deep learning", arXiv:2209.05433).</summary>
public static class Float8
{
    private const double LargestE4M3 = 448, LargestE5M2 = 57344;

    // The element types of LibTorch that TorchSharp has no names for.
    private const ScalarType E5M2 = (ScalarType)23, E4M3 = (ScalarType)24;

    /// <summary>
    /// Rounds to E4M3 (4 exponent, 3 mantissa bits, largest value 448) after scaling by 448 / amax, and scales back.
    /// Absolute values below 2⁻²⁴ become zero. The gradient is 1 where |x| ≤ amax (448 without amax), otherwise 0.
    /// </summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="amax">What is to become the largest value; any shape that broadcasts to the input's. Null for no scaling.</param>
    /// <returns>A tensor of the input's shape and type.</returns>
    /// <exception cref="ArgumentException">A negative <paramref name="amax"/> (seen on the CPU).</exception>
    public static Tensor ScaledE4M3(Tensor input, Tensor? amax = null) => Quantize(input, amax, E4M3, LargestE4M3);

    /// <summary>The same for E5M2 (5 exponent, 2 mantissa bits, largest value 57344), the format of gradients.</summary>
    /// <inheritdoc cref="ScaledE4M3"/>
    public static Tensor ScaledE5M2(Tensor input, Tensor? amax = null) => Quantize(input, amax, E5M2, LargestE5M2);

    private static Tensor Quantize(Tensor input, Tensor? amax, ScalarType format, double largest)
    {
        ArgumentNullException.ThrowIfNull(input);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        using var scope = NewDisposeScope();
        Tensor bound = amax?.detach() ?? full([], largest, dtype: ScalarType.Float32, device: input.device);
        QuantArguments.CheckAmax(bound, nameof(amax));
        QuantArguments.CheckBroadcast(input, bound, nameof(amax));
        if (amax is not null && format == E4M3 && QuantOperation.CanFuse(input, bound, out AmaxLayout layout) && QuantizeKernel.TakesE4M3(layout))
        {
            Tensor result = StraightThrough.Allocate(input, bound, new(-(float)largest, (float)largest));
            QuantizeKernel.RunE4M3(input, result, bound, layout);
            return result.MoveToOuterDisposeScope();
        }

        Tensor values = input.detach();
        Tensor rounded = amax is null ? Round(values, format, largest) : Scaled(values, bound, format, largest);
        Tensor tiny = values.lt(QuantRange.SmallestAmax).bitwise_and_(values.gt(-QuantRange.SmallestAmax));
        return StraightThrough.Attach(input, bound.neg(), bound, rounded.masked_fill_(tiny, 0)).MoveToOuterDisposeScope();
    }

    private static Tensor Scaled(Tensor input, Tensor amax, ScalarType format, double largest)
    {
        // Two roundings, as the reference has them: reciprocal, then product.
        Tensor scale = amax.to(ScalarType.Float32, input.device).reciprocal().mul_(largest);
        return Round(input.mul(scale), format, largest).div_(scale);
    }

    // Beyond its range the conversion would give NaN.
    private static Tensor Round(Tensor values, ScalarType format, double largest)
    {
        ScalarType type = values.dtype;
        return values.to(ScalarType.Float32).clamp(-largest, largest).to(format).to(type);
    }
}
