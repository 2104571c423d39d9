using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Numerics;

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

        // Copies: autograd keeps the bounds until the backward pass, and a range may change before it.
        Tensor output = input.clamp(low.to(input.dtype, input.device, copy: true), high.to(input.dtype, input.device, copy: true));
        using (no_grad())
        {
            return output.copy_(values);
        }
    }

    /// <summary>A tensor of the input's shape and layout for a kernel to fill, with the gradient of a clamp to a range.</summary>
    public static Tensor Allocate(Tensor input, Tensor amax, QuantRange range)
        => IsRecorded(input) ? input.clamp(Low(amax, range), amax.clone()) : empty_like(input);

    /// <summary>The lower end of a range: 0 where its integers start there, otherwise -amax, also where they reach one step further.</summary>
    public static Tensor Low(Tensor amax, QuantRange range) => range.Low == 0 ? zeros_like(amax) : amax.neg();

    /// <summary>Whether autograd records what becomes of a tensor.</summary>
    public static bool IsRecorded(Tensor input) => input.requires_grad && is_grad_enabled();
}
