namespace QuantGen.Checkpoints.Files;

/// <summary>The values of 8-bit floats (Micikevicius et al., "FP8 formats for deep learning", arXiv:2209.05433). Each is a float32 exactly.</summary>
internal static class Float8Values
{
    private static readonly float[] s_e4m3 = [.. Enumerable.Range(0, 256).Select(bits => E4M3((byte)bits))];

    // E5M2 is the upper half of a half-precision float.
    private static readonly float[] s_e5m2 = [.. Enumerable.Range(0, 256).Select(bits => (float)BitConverter.UInt16BitsToHalf((ushort)(bits << 8)))];

    /// <summary>Decodes elements.</summary>
    /// <param name="type">One of the two types.</param>
    /// <param name="from">A byte for each element.</param>
    /// <param name="to">As many values.</param>
    public static void Decode(ElementType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        float[] values = type == ElementType.E4M3 ? s_e4m3 : s_e5m2;
        for (int i = 0; i < from.Length; i++)
        {
            to[i] = values[from[i]];
        }
    }

    // Four exponent bits with a bias of 7, three mantissa bits, no infinities, NaN where all of them are set.
    private static float E4M3(byte bits)
    {
        (int exponent, int mantissa) = ((bits >> 3) & 15, bits & 7);
        float magnitude = (exponent, mantissa) switch
        {
            (15, 7) => float.NaN,
            (0, _) => mantissa * MathF.ScaleB(1, -9),
            _ => (8 + mantissa) * MathF.ScaleB(1, exponent - 10),
        };
        return bits >= 128 ? -magnitude : magnitude;
    }
}
