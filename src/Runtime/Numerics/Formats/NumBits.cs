using System.Globalization;

namespace QuantGen;

/// <summary>The width of a quantized value: a number of integer bits, or the 8-bit float format <see cref="E4M3"/>.</summary>
public readonly record struct NumBits
{
    private readonly int _bits;

    private NumBits(int bits, bool isFloat)
    {
        _bits = bits;
        IsE4M3 = isFloat;
    }

    /// <summary>8-bit floating point with 4 exponent and 3 mantissa bits, largest value 448 (OCP 8-bit Floating Point Specification, E4M3).</summary>
    public static NumBits E4M3 { get; } = new(8, isFloat: true);

    /// <summary>Whether values are 8-bit floats instead of integers.</summary>
    public bool IsE4M3 { get; }

    /// <summary>The number of bits that a value takes.</summary>
    public int Bits => _bits;

    /// <summary>A number of integer bits.</summary>
    /// <param name="bits">1 to 32. (One bit holds no signed range; it needs an unsigned quantizer.)</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not in the range.</exception>
    public static NumBits FromInt32(int bits)
    {
        if (bits is < 1 or > 32)
        {
            throw new ArgumentOutOfRangeException(nameof(bits), bits, "The number of bits must be from 1 to 32.");
        }

        return new(bits, isFloat: false);
    }

    /// <summary>A number of integer bits, 1 to 32.</summary>
    /// <param name="bits">The number of bits.</param>
    public static implicit operator NumBits(int bits) => FromInt32(bits);

    /// <summary>The number of bits, or <c>(4, 3)</c> for E4M3.</summary>
    public override string ToString() => IsE4M3 ? "(4, 3)" : _bits.ToString(CultureInfo.InvariantCulture);
}
