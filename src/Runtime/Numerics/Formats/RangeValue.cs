namespace QuantGen.Numerics.Formats;

/// <summary>A range that was found: the largest absolute values of a symmetric one, or the two ends of an affine one.</summary>
/// <param name="Amax">The largest absolute values; of an affine range, the upper end.</param>
/// <param name="Amin">The lower end of an affine range, not above zero; null for a symmetric one.</param>
internal sealed record RangeValue(AmaxValue Amax, float? Amin = null)
{
    /// <summary>The largest amax.</summary>
    public float Largest
    {
        get
        {
            float largest = 0;
            foreach (float value in Amax.Values)
            {
                largest = MathF.Max(largest, value);
            }

            return largest;
        }
    }

    /// <summary>Whether it holds nothing but zero.</summary>
    public bool IsEmpty => Largest == 0 && Amin is null or 0;

    /// <summary>An affine range of two ends, widened to hold zero.</summary>
    public static RangeValue Affine(double minimum, double maximum) => new((float)Math.Max(maximum, 0), (float)Math.Min(minimum, 0));

    /// <summary>The range with its ends multiplied by a factor that is not negative.</summary>
    public RangeValue Times(double factor)
        => new(new([.. Amax.Values.ToArray().Select(value => (float)(value * factor))], Amax.Shape), Amin is { } amin ? (float)(amin * factor) : null);
}
