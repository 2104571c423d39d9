namespace QuantGen.Numerics.Formats;

/// <summary>The integers that a quantizer can produce: <see cref="Low"/> to <see cref="High"/>; amax maps to <see cref="High"/>.</summary>
internal readonly record struct QuantRange(float Low, float High)
{
    /// <summary>An amax up to this one counts as zero: everything is quantized to zero, with a scale of one.</summary>
    public const float SmallestAmax = 1f / (1 << 24);

    /// <summary>The range of <paramref name="numBits"/> bits: 0…2ⁿ-1 unsigned, ±(2ⁿ⁻¹-1) narrow, -2ⁿ⁻¹…2ⁿ⁻¹-1 otherwise.</summary>
    public static QuantRange Of(NumBits numBits, bool unsigned, bool narrowRange)
    {
        if (numBits.IsE4M3)
        {
            throw new ArgumentException("E4M3 is a floating-point format and has no integer range; use Float8.ScaledE4M3.", nameof(numBits));
        }

        int magnitudeBits = numBits.Bits - (unsigned ? 0 : 1);
        if (magnitudeBits < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numBits), numBits.Bits, "A signed range needs at least 2 bits; 1 bit is possible with an unsigned range only.");
        }

        float high = (float)((1L << magnitudeBits) - 1);
        return new(unsigned ? 0 : narrowRange ? -high : -high - 1, high);
    }
}
