using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Numerics;

/// <summary>Fake quantization to an <see cref="AffineGrid"/>, with the values that ONNX's QuantizeLinear and DequantizeLinear give.</summary>
internal static class AffineQuant
{
    /// <summary>
    /// Rounds to the grid of a range. The gradient is 1 from the lowest to the highest number of the grid, both included, otherwise 0.
    /// </summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="minimum">The lower end, one number.</param>
    /// <param name="maximum">The upper end, one number.</param>
    /// <param name="levels">The number of steps.</param>
    /// <returns>A tensor of the input's shape and type.</returns>
    public static Tensor Quantize(Tensor input, Tensor minimum, Tensor maximum, float levels)
    {
        using var scope = NewDisposeScope();
        Tensor low = minimum.detach(), high = maximum.detach();
        if (CanFuse(input, low, high))
        {
            AffineGrid grid = AffineGrid.Of(OnHost(low), OnHost(high), levels);
            Tensor result = StraightThrough.IsRecorded(input) ? input.clamp(grid.Minimum, grid.Maximum) : empty_like(input);
            QuantizeKernel.RunAffine(input, result, grid);
            return result.MoveToOuterDisposeScope();
        }

        (Tensor step, Tensor lowest, Tensor highest) = Compose(low, high, levels, input.device);
        Tensor values = Values(input, step, lowest, highest);
        return StraightThrough.Attach(input, lowest * step, highest * step, values).MoveToOuterDisposeScope();
    }

    /// <summary>Whether the CPU kernel can take these tensors.</summary>
    public static bool CanFuse(Tensor input, Tensor minimum, Tensor maximum)
        => QuantOperation.CanFuse(input, minimum, out AmaxLayout low) && QuantOperation.CanFuse(input, maximum, out AmaxLayout high)
            && low.Channels == 1 && high.Channels == 1;

    /// <summary>A float32 number that lies in the CPU's memory.</summary>
    public static unsafe float OnHost(Tensor end)
    {
        float value = *LibTorch.ConstData(end);
        GC.KeepAlive(end);
        return value;
    }

    /// <summary>The grid of two ends on any device, in float32 at least; nothing is read back.</summary>
    public static (Tensor Step, Tensor Low, Tensor High) Compose(Tensor minimum, Tensor maximum, float levels, Device device)
    {
        using var scope = NewDisposeScope();
        Tensor low = minimum.to(QuantOperation.Working(minimum.dtype), device).clamp_max(0);
        Tensor width = maximum.to(low.dtype, device).clamp_min(0).sub_(low), isTiny = width.le(QuantRange.SmallestAmax);

        // By a tensor: by a number, CUDA multiplies with its reciprocal, which rounds otherwise.
        Tensor step = width.div(full_like(width, levels)).masked_fill_(isTiny, RealRange.SmallestStep);
        Tensor zeroPoint = low.neg().div_(step).round_().clamp_(0, levels);
        return (step.MoveToOuterDisposeScope(), zeroPoint.neg().MoveToOuterDisposeScope(), zeroPoint.neg().add_(levels).MoveToOuterDisposeScope());
    }

    /// <summary>The numbers of a grid that values are rounded to, in the type that they are computed in.</summary>
    public static Tensor Values(Tensor input, Tensor step, Tensor low, Tensor high)
    {
        using var scope = NewDisposeScope();
        ScalarType type = QuantOperation.Working(input.dtype);
        Tensor steps = step.to(type);

        // Zero is added because rounding gives -0, which integers do not have.
        return input.detach().to(type).div(steps).round_().maximum(low.to(type)).minimum(high.to(type)).add_(0).mul_(steps).MoveToOuterDisposeScope();
    }
}
