namespace QuantGen;

/// <summary>What a method makes of a quantizer's statistics.</summary>
/// <param name="Method">The method.</param>
/// <param name="Amax">The amax; the largest one where the quantizer has a range for each channel.</param>
/// <param name="Clipped">The share of values beyond the range, from 0 to 1.</param>
/// <param name="Sqnr">Signal to quantization noise in decibels, infinite without noise; null for a range for each channel, which keeps no distribution.</param>
public sealed record MethodOutcome(CalibrationMethod Method, float Amax, double Clipped, double? Sqnr)
{
    /// <summary>The lower end of an affine range, of which <see cref="Amax"/> is the upper one; null for a symmetric range.</summary>
    public float? Amin { get; init; }
}
