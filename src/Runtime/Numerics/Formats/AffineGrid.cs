namespace QuantGen.Numerics.Formats;

/// <summary>
/// The numbers that an affine range can hold: <see cref="Step"/> times the whole numbers from <see cref="Low"/> to <see cref="High"/>, of which one is zero.
/// </summary>
/// <remarks>
/// By the rule of ONNX's QuantizeLinear and DynamicQuantizeLinear: the range is widened to hold zero, step = (max - min) / (2ⁿ - 1), zero-point =
/// saturate(round(-min / step)), all in float32, rounding half to even; q = saturate(round(x / step) + zero-point) and x′ = (q - zero-point) · step. With the
/// zero-point taken off both ends, that is clamp(round(x / step), low, high) · step, to the bit.
/// </remarks>
/// <param name="Step">The distance between neighbouring numbers, never zero.</param>
/// <param name="Low">The lowest number in steps: minus the zero-point.</param>
/// <param name="High">The highest number in steps.</param>
internal readonly record struct AffineGrid(float Step, float Low, float High)
{
    /// <summary>The integer that stands for zero, where integers start at 0.</summary>
    public int ZeroPoint => (int)-Low;

    /// <summary>The lowest number.</summary>
    public float Minimum => Low * Step;

    /// <summary>The highest number.</summary>
    public float Maximum => High * Step;

    /// <summary>The grid of a range. One that is as good as empty has the smallest step, as its file has.</summary>
    /// <param name="minimum">The lower end; above zero it counts as zero.</param>
    /// <param name="maximum">The upper end; below zero it counts as zero.</param>
    /// <param name="levels">The number of steps, 2ⁿ - 1.</param>
    public static AffineGrid Of(float minimum, float maximum, float levels)
    {
        float low = MathF.Min(minimum, 0), width = MathF.Max(maximum, 0) - low;
        float step = width <= QuantRange.SmallestAmax ? RealRange.SmallestStep : width / levels;
        float zeroPoint = Math.Clamp(MathF.Round(-low / step), 0, levels);
        return new(step, -zeroPoint, levels - zeroPoint);
    }
}
