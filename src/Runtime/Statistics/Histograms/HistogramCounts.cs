namespace QuantGen.Statistics.Histograms;

/// <summary>Counts in the bins of a <see cref="HistogramLayout"/>, with the range of what was counted.</summary>
/// <param name="layout">The bins.</param>
internal sealed class HistogramCounts(HistogramLayout layout)
{
    private readonly long[]?[] _octaves = new long[HistogramLayout.Octaves][];

    /// <summary>The linear bins; those below the layout's first one in use stay empty.</summary>
    public long[] Linear { get; } = new long[layout.Bins];

    /// <summary>The number of values that are zero, or too small to be normal numbers.</summary>
    public long Tiny { get; set; }

    /// <summary>The smallest value, with its sign.</summary>
    public double Minimum { get; set; } = double.PositiveInfinity;

    /// <summary>The largest value, with its sign.</summary>
    public double Maximum { get; set; } = double.NegativeInfinity;

    /// <summary>The octaves that hold values, from the lowest on, with the counts of their bins.</summary>
    public IEnumerable<(int Octave, long[] Counts)> Octaves
    {
        get
        {
            for (int i = 0; i < _octaves.Length; i++)
            {
                if (_octaves[i] is { } counts)
                {
                    yield return (i + HistogramLayout.LowestOctave, counts);
                }
            }
        }
    }

    /// <summary>Adds counts of linear bins of the same width.</summary>
    public void AddLinear(ReadOnlySpan<long> counts)
    {
        for (int bin = 0; bin < counts.Length; bin++)
        {
            Linear[bin] += counts[bin];
        }
    }

    /// <summary>Adds counts of several octaves, one behind the other.</summary>
    /// <param name="counts">The counts, a whole number of octaves; none outside the octaves of normal numbers.</param>
    /// <param name="lowest">The first octave.</param>
    public void AddOctaves(ReadOnlySpan<long> counts, int lowest)
    {
        for (int octave = lowest; !counts.IsEmpty; octave++, counts = counts[layout.OctaveBins..])
        {
            ReadOnlySpan<long> added = counts[..layout.OctaveBins];
            if (added.ContainsAnyExcept(0))
            {
                long[] bins = Octave(octave);
                for (int bin = 0; bin < bins.Length; bin++)
                {
                    bins[bin] += added[bin];
                }
            }
        }
    }

    /// <summary>Adds the counts of linear bins of another width, which is at most the present one.</summary>
    /// <param name="counts">The counts.</param>
    /// <param name="exponent">Their width is two to this power.</param>
    /// <param name="target">The present width is two to this power.</param>
    public void AddLinear(ReadOnlySpan<long> counts, int exponent, int target)
    {
        for (int bin = layout.LinearStart; bin < counts.Length; bin++)
        {
            if (counts[bin] == 0)
            {
                continue;
            }

            int joined = bin >> Math.Min(target - exponent, 31);
            if (joined >= layout.LinearStart)
            {
                Linear[joined] += counts[bin];
            }
            else
            {
                (int octave, int place) = layout.OctaveOf(bin, exponent);
                Octave(octave)[place] += counts[bin];
            }
        }
    }

    /// <summary>Adds everything below the linear bins of other counts.</summary>
    public void AddBelowLinear(HistogramCounts other)
    {
        Tiny += other.Tiny;
        foreach ((int octave, long[] counts) in other.Octaves)
        {
            AddOctaves(counts, octave);
        }
    }

    /// <summary>The counts without those of a part of them.</summary>
    public HistogramCounts Without(HistogramCounts part)
    {
        HistogramCounts rest = new(layout) { Tiny = Tiny - part.Tiny };
        Subtract(Linear, part.Linear, rest.Linear);
        for (int i = 0; i < _octaves.Length; i++)
        {
            if (_octaves[i] is { } whole && (part._octaves[i] is not { } taken || !whole.AsSpan().SequenceEqual(taken)))
            {
                Subtract(whole, part._octaves[i], rest._octaves[i] = new long[layout.OctaveBins]);
            }
        }

        return rest;
    }

    /// <summary>Whether other counts can be a part of these.</summary>
    public bool Holds(HistogramCounts part)
        => Tiny >= part.Tiny && Holds(Linear, part.Linear) && !_octaves.Where((whole, i) => !Holds(whole, part._octaves[i])).Any();

    private static bool Holds(long[]? whole, long[]? part) => part is null || (whole is not null && !whole.Where((count, bin) => part[bin] > count).Any());

    private static void Subtract(long[] whole, long[]? part, long[] rest)
    {
        for (int bin = 0; bin < rest.Length; bin++)
        {
            rest[bin] = whole[bin] - (part?[bin] ?? 0);
        }
    }

    private long[] Octave(int octave) => _octaves[octave - HistogramLayout.LowestOctave] ??= new long[layout.OctaveBins];
}
