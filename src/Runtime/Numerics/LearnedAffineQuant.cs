using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Numerics;

/// <summary>Fake quantization to an affine range whose two ends learn (LSQ+, Bhalgat et al., arXiv:2004.09576).</summary>
/// <remarks>
/// With m and M the ends and y the quantized value of x: on the grid ∂y/∂x = 1, ∂y/∂M = (y - x) / (M - m) and ∂y/∂m minus that, which is the paper's gradient
/// of the step, carried over to the ends that it lies between; the rounding of the zero-point is passed straight through. What lies beyond the grid passes its
/// gradient to the end there. The gradients of the ends are scaled by levels^1.5 / √count: the paper's 1 / √(count · levels) for the step, carried over to
/// an end, which moves by as many steps as there are levels.
/// An end at zero or beyond takes nothing from rounding: it does not change the step there, and behind a ReLU it shall stay where the ReLU ends. From what is
/// clipped at zero it learns all the same, so that it comes back.
/// </remarks>
internal static class LearnedAffineQuant
{
    /// <summary>Quantizes and maps back.</summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="minimum">The lower end, one number.</param>
    /// <param name="maximum">The upper end, one number.</param>
    /// <param name="levels">The number of steps.</param>
    /// <param name="learnsStep">Whether the ends learn from rounding, and not only from what they clip; only then are their gradients scaled.</param>
    public static Tensor Apply(Tensor input, Tensor minimum, Tensor maximum, float levels, bool learnsStep)
    {
        using var scope = NewDisposeScope();
        Tensor low = minimum.detach(), high = maximum.detach();
        bool fuses = AffineQuant.CanFuse(input, low, high);
        LearnedGradients gradients = fuses ? LearnedGradients.Allocate(input) : Compose(input, low, high, levels, learnsStep);
        double scale = learnsStep ? Math.Pow(levels, 1.5) / Math.Sqrt(Math.Max(1, input.numel())) : 1;

        // What is recorded has the right gradients; its value is then overwritten. The ends are read through products, which autograd does not keep.
        Tensor output = (input * gradients.Input)
            .addcmul(maximum.to(input.dtype, input.device) * scale, gradients.Maximum, 1)
            .addcmul(minimum.to(input.dtype, input.device) * scale, gradients.Minimum, 1);
        if (fuses)
        {
            (float least, float greatest) = (AffineQuant.OnHost(low), AffineQuant.OnHost(high));
            AffineGrid grid = AffineGrid.Of(least, greatest, levels);
            float share = 1 / (grid.Step * levels);
            LearnedAffineKernel.Run(input, output, gradients, grid, learnsStep && least < 0 ? -share : 0, learnsStep && greatest > 0 ? share : 0);
            return output.MoveToOuterDisposeScope();
        }

        using (no_grad())
        {
            output.copy_(AffineQuant.Quantize(input.detach(), low, high, levels));
        }

        return output.MoveToOuterDisposeScope();
    }

    // On any device, from torch operations; nothing is read back.
    private static LearnedGradients Compose(Tensor input, Tensor minimum, Tensor maximum, float levels, bool learnsStep)
    {
        using var noGrad = no_grad();
        Tensor values = input.detach();
        (Tensor step, Tensor low, Tensor high) = AffineQuant.Compose(minimum, maximum, levels, input.device);
        Tensor below = values.lt((low * step).to(input.dtype)), above = values.gt((high * step).to(input.dtype));
        Tensor inside = above.logical_or(below).logical_not_(), none = zeros_like(values);
        Tensor error = none;
        if (learnsStep)
        {
            Tensor quantized = AffineQuant.Values(values, step, low, high).to(input.dtype);
            error = quantized.sub(values).div((step * levels).to(input.dtype)).masked_fill(inside.logical_not(), 0);
        }

        Tensor ofMaximum = error.mul(maximum.gt(0).to(input.dtype, input.device)), ofMinimum = error.neg().mul(minimum.lt(0).to(input.dtype, input.device));
        return new(inside.to(input.dtype), ofMaximum.add(above.to(input.dtype)), ofMinimum.add(below.to(input.dtype)));
    }
}
