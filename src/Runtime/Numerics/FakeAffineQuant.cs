using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Fake quantization to a range that need not be symmetric.</summary>
public static class FakeAffineQuant
{
    /// <summary>
    /// Rounds to the grid of 2ⁿ values with step (max - min) / (2ⁿ - 1) that has zero on it. The gradient is 1 where min ≤ x ≤ max, otherwise 0.
    /// </summary>
    /// <param name="input">A floating-point tensor of any shape.</param>
    /// <param name="minRange">The lower end of the range, broadcastable to the input.</param>
    /// <param name="maxRange">The upper end; equal to the lower one it gives NaN.</param>
    /// <param name="numBits">The number of integer bits.</param>
    /// <returns>A tensor of the input's shape and type.</returns>
    public static Tensor Apply(Tensor input, Tensor minRange, Tensor maxRange, NumBits? numBits = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(minRange);
        ArgumentNullException.ThrowIfNull(maxRange);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        QuantRange range = QuantRange.Of(numBits ?? 8, unsigned: false, narrowRange: false);
        using var scope = NewDisposeScope();
        Tensor min = minRange.detach(), max = maxRange.detach();
        Tensor step = (max - min).div_(range.High - range.Low);
        Tensor zero = (min / step).round_().sub_(range.Low);
        Tensor values = (input.detach() / step).round_().sub_(zero).clamp_(range.Low, range.High).add_(zero).mul_(step);
        return StraightThrough.Attach(input, min, max, values).MoveToOuterDisposeScope();
    }
}
