namespace QuantGen.Statistics.Histograms;

/// <summary>Counts of absolute values: of all numbers, and of the negative ones among them.</summary>
/// <param name="All">The counts of all numbers.</param>
/// <param name="Negative">The counts of negative numbers, but for those too small to be normal, which count as zero.</param>
internal sealed record SignedCounts(HistogramCounts All, HistogramCounts Negative)
{
    /// <summary>No counts.</summary>
    public SignedCounts(HistogramLayout layout)
        : this(new HistogramCounts(layout), new HistogramCounts(layout))
    {
    }

    /// <summary>Adds counts of several octaves, one behind the other.</summary>
    public void AddOctaves(ReadOnlySpan<long> all, ReadOnlySpan<long> negative, int lowest)
    {
        All.AddOctaves(all, lowest);
        Negative.AddOctaves(negative, lowest);
    }

    /// <summary>Adds counts whose linear bins have the same width.</summary>
    public void Add(SignedCounts other)
    {
        All.AddLinear(other.All.Linear);
        Negative.AddLinear(other.Negative.Linear);
        AddBelowLinear(other);
    }

    /// <summary>Adds counts whose linear bins have another width, which is at most the present one.</summary>
    /// <param name="other">The counts.</param>
    /// <param name="exponent">The width of their linear bins is two to this power.</param>
    /// <param name="target">The present width is two to this power.</param>
    public void Add(SignedCounts other, int exponent, int target)
    {
        All.AddLinear(other.All.Linear, exponent, target);
        Negative.AddLinear(other.Negative.Linear, exponent, target);
        AddBelowLinear(other);
    }

    /// <summary>Adds everything below the linear bins.</summary>
    public void AddBelowLinear(SignedCounts other)
    {
        All.AddBelowLinear(other.All);
        Negative.AddBelowLinear(other.Negative);
    }
}
