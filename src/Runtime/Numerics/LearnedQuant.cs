using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Numerics;

/// <summary>Fake quantization to a range whose bounds learn from every value (learned step size quantization, Esser et al., arXiv:1902.08153).</summary>
/// <remarks>
/// With A the range's amax, which the bound further out decides, and y the quantized value of x: inside the bounds ∂y/∂x = 1 and ∂y/∂A = (y - x) / A, which
/// is the rounding error in units of A, and goes to each bound at an end of the grid; a clipped value passes its gradient to the bound that clips it. The
/// gradients of bounds are scaled by
/// high^1.5 / √count. That is the paper's 1 / √(count · high) for the step, carried over to a bound, which is high steps long.
/// </remarks>
internal static class LearnedQuant
{
    /// <summary>Clips, quantizes and maps back.</summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="minimum">The lower bound, a scalar; ignored where the format has no negative numbers.</param>
    /// <param name="maximum">The upper bound, a scalar.</param>
    /// <param name="amax">The range that follows from the bounds, a scalar without gradient.</param>
    /// <param name="factor">By how much the amax is larger than the bounds ask for.</param>
    /// <param name="format">The numbers of the grid.</param>
    public static Tensor Apply(Tensor input, Tensor minimum, Tensor maximum, Tensor amax, double factor, QuantFormat format)
    {
        using var scope = NewDisposeScope();
        Tensor low = format.Smallest == 0 ? zeros_like(minimum) : minimum.detach(), high = maximum.detach();
        bool fuses = !format.IsE4M3 && QuantOperation.CanFuse(input, amax, out _) && low.dtype == ScalarType.Float32 && high.dtype == ScalarType.Float32;
        LearnedGradients gradients = fuses ? LearnedGradients.Allocate(input) : Compose(input, low, high, amax, factor, format);
        double scale = Math.Pow(format.Largest, 1.5) / Math.Sqrt(Math.Max(1, input.numel()));

        // What is recorded has the right gradients; its value is then overwritten. The bounds are read through products, which autograd does not keep.
        Tensor output = (input * gradients.Input)
            .addcmul(maximum.to(input.dtype, input.device) * scale, gradients.Maximum, 1)
            .addcmul(minimum.to(input.dtype, input.device) * scale, gradients.Minimum, 1);
        if (fuses)
        {
            LearnedKernel.Run(input, output, gradients, low, high, amax, (float)factor, format.Range);
            return output.MoveToOuterDisposeScope();
        }

        using (no_grad())
        {
            output.copy_(Values(input, low, high, amax, format));
        }

        return output.MoveToOuterDisposeScope();
    }

    private static Tensor Values(Tensor input, Tensor low, Tensor high, Tensor amax, QuantFormat format)
    {
        Tensor clipped = LearnedClip.Apply(input.detach(), low, high);
        return format.IsE4M3 ? Float8.ScaledE4M3(clipped, amax) : FakeQuant.Quantize(clipped, amax, format.Range, rejectNegative: false);
    }

    // On any device, from torch operations; nothing is read back.
    private static LearnedGradients Compose(Tensor input, Tensor low, Tensor high, Tensor amax, double factor, QuantFormat format)
    {
        using var noGrad = no_grad();
        Tensor values = input.detach(), lower = low.to(input.dtype, input.device), upper = high.to(input.dtype, input.device);
        Tensor below = values.lt(lower), above = values.gt(upper).logical_and_(below.logical_not()), inside = above.logical_or(below).logical_not();
        Tensor range = amax.to(input.dtype, input.device);
        Tensor isTiny = range.le(QuantRange.SmallestAmax);
        Tensor error = where(isTiny, 0, Values(input, low, high, amax, format).sub(values).div(range.masked_fill(isTiny, 1))).mul(factor);
        if (format.Smallest == 0)
        {
            return new(
                inside.to(input.dtype),
                where(inside, error, above.to(input.dtype)),
                zeros_like(values));
        }

        // A bound that lies within a step of the grid's end moves with it; otherwise an end that nothing reaches would hold the other one.
        double ratio = format.Largest / format.Smallest;
        Tensor near = maximum(upper, lower.mul(ratio)).mul(1 - (1 / format.Largest));
        return new(
            inside.to(input.dtype),
            where(inside.logical_and(upper.ge(near)), error, above.to(input.dtype)),
            where(inside.logical_and(lower.mul(ratio).ge(near)), error.mul(ratio), below.to(input.dtype)));
    }
}
