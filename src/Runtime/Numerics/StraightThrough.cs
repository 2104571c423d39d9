using static TorchSharp.torch;

namespace QuantGen;

/// <summary>
/// Straight-through gradients without a callback into C#: the node that autograd records is LibTorch's own clamp, whose gradient is 1 inside the
/// bounds, and the clamp's result is then overwritten with the quantized values.
/// </summary>
internal static class StraightThrough
{
    /// <summary>Quantized values as a result of <paramref name="input"/> that passes gradients where it lies between the bounds.</summary>
    /// <param name="input">What was quantized.</param>
    /// <param name="low">The lower bound, broadcastable.</param>
    /// <param name="high">The upper bound, broadcastable.</param>
    /// <param name="values">The quantized values, of any floating-point type; without gradient.</param>
    public static Tensor Attach(Tensor input, Tensor low, Tensor high, Tensor values)
    {
        if (!IsRecorded(input))
        {
            return values.to(input.dtype);
        }

        Tensor output = input.clamp(low.to(input.dtype, input.device), high.to(input.dtype, input.device));
        using (no_grad())
        {
            return output.copy_(values);
        }
    }

    /// <summary>A tensor of the input's shape and layout for a kernel to fill, with the gradient of a clamp to ±<paramref name="amax"/>.</summary>
    public static Tensor Allocate(Tensor input, Tensor amax) => IsRecorded(input) ? input.clamp(amax.neg(), amax) : empty_like(input);

    private static bool IsRecorded(Tensor input) => input.requires_grad && is_grad_enabled();
}
