namespace QuantGen.Numerics.Formats;

/// <summary>The numbers that a quantized tensor can hold: the integers of a range, or the values of E4M3. An amax maps to <see cref="Largest"/>.</summary>
/// <param name="NumBits">The number of integer bits, or E4M3.</param>
/// <param name="Unsigned">Whether the integers start at 0.</param>
/// <param name="NarrowRange">Whether signed integers leave out the lowest one.</param>
/// <param name="Affine">
/// Whether the range has two ends, and one of the integers from 0 to <see cref="Largest"/>, the zero-point, stands for zero: see <see cref="AffineGrid"/>.
/// </param>
internal readonly record struct QuantFormat(NumBits NumBits, bool Unsigned, bool NarrowRange, bool Affine = false)
{
    /// <summary>The largest value of E4M3.</summary>
    public const float LargestE4M3 = 448;

    /// <summary>Whether the numbers are 8-bit floats.</summary>
    public bool IsE4M3 => NumBits.IsE4M3;

    /// <summary>The integers.</summary>
    /// <exception cref="ArgumentException">E4M3 has no integers.</exception>
    public QuantRange Range => QuantRange.Of(NumBits, Unsigned || Affine, NarrowRange);

    /// <summary>The largest number, which amax maps to; for an affine range, the number of steps.</summary>
    public float Largest => IsE4M3 ? LargestE4M3 : Range.High;

    /// <summary>The smallest number; the negative of <see cref="Largest"/> for E4M3.</summary>
    public float Smallest => IsE4M3 ? -LargestE4M3 : Range.Low;
}
