using QuantGen.Numerics.Formats;
namespace QuantGen.Onnx.Graph;

/// <summary>How a quantizer quantizes, read from it when the model is traced.</summary>
/// <param name="Quantizer">The quantizer's path in the model, for messages.</param>
/// <param name="NumBits">The number of bits.</param>
/// <param name="Unsigned">Whether the range is unsigned, calibration's finding included.</param>
/// <param name="NarrowRange">Whether a signed range leaves out its lowest integer.</param>
/// <param name="Axes">The axes that have a range for each index; empty for one range.</param>
/// <param name="Amax">
/// The largest absolute values of the ranges: one, or one for each index of the axes; none where the quantizer has no range yet. Of an affine range, the
/// upper end.
/// </param>
internal sealed record Quantization(string Quantizer, NumBits NumBits, bool Unsigned, bool NarrowRange, int[] Axes, float[] Amax)
{
    /// <summary>Whether the range is affine.</summary>
    public bool Affine { get; init; }

    /// <summary>The lower end of an affine range.</summary>
    public float Amin { get; init; }

    /// <summary>The numbers of an affine range.</summary>
    public AffineGrid Grid => AffineGrid.Of(Amin, Amax[0], Range.High);

    /// <summary>The axis that has a range for each index; null for one range.</summary>
    public int? Axis => Axes is [int axis] ? axis : null;

    /// <summary>The integers.</summary>
    public QuantRange Range => QuantRange.Of(NumBits, Unsigned || Affine, NarrowRange);

    /// <summary>Whether both give the same values for every tensor.</summary>
    public bool SameAs(Quantization other)
        => NumBits == other.NumBits && Unsigned == other.Unsigned && (Unsigned || NarrowRange == other.NarrowRange)
            && Affine == other.Affine && Amin.Equals(other.Amin) && Axes.AsSpan().SequenceEqual(other.Axes) && Amax.AsSpan().SequenceEqual(other.Amax);

    /// <summary>
    /// The steps between neighbouring values: that of the grid where the range is affine, else amax / <paramref name="high"/>, and the smallest one where amax
    /// counts as zero.
    /// </summary>
    public float[] Steps(float high) => Affine ? [Grid.Step] : [.. Amax.Select(amax => IsZero(amax) ? RealRange.SmallestStep : amax / high)];

    /// <summary>Whether an amax counts as zero, so that everything is quantized to zero.</summary>
    public static bool IsZero(float amax) => amax <= QuantRange.SmallestAmax;
}
