namespace QuantGen.Statistics.Histograms;

/// <summary>A histogram's counts as searches read them: in bins of one width from zero on, and in the bins that were really counted.</summary>
internal sealed class HistogramView
{
    /// <summary>Reads counts whose linear bins are two to the power of <paramref name="exponent"/> wide.</summary>
    /// <param name="layout">The bins.</param>
    /// <param name="counts">What was counted.</param>
    /// <param name="exponent">The width of a linear bin is two to this power.</param>
    /// <param name="used">The number of linear bins up to the one that holds the largest value.</param>
    public HistogramView(HistogramLayout layout, HistogramCounts counts, int exponent, int used)
    {
        double width = Math.ScaleB(1, exponent);
        (Counts, Edges) = (new long[used], Multiples(width, 0, used));
        counts.Linear.AsSpan(0, used).CopyTo(Counts);
        Counts[0] += counts.Tiny;
        List<long> fine = [counts.Tiny];
        List<double> edges = [0];
        int next = int.MinValue;
        foreach ((int octave, long[] bins) in counts.Octaves)
        {
            // One empty bin for octaves without values.
            if (next != octave)
            {
                fine.AddRange(next == int.MinValue ? [] : [0]);
                edges.Add(Math.ScaleB(1, octave));
            }

            for (int bin = 0; bin < bins.Length; bin++)
            {
                // Bins behind the largest value are empty, and may have no linear counterpart.
                if (bins[bin] > 0)
                {
                    Counts[layout.LinearOf(octave, bin, exponent)] += bins[bin];
                }

                edges.Add(Math.ScaleB(layout.OctaveBins + bin + 1, octave - layout.MantissaBits));
            }

            fine.AddRange(bins);
            next = octave + 1;
        }

        double linearStart = layout.LinearStart * width;
        if (used > layout.LinearStart)
        {
            if (edges[^1] < linearStart)
            {
                fine.AddRange(edges.Count == 1 ? [] : [0]);
                edges.Add(linearStart);
            }

            fine.AddRange(Counts.AsSpan(layout.LinearStart..));
            edges.AddRange(Multiples(width, layout.LinearStart + 1, used));
        }

        if (edges.Count == fine.Count)
        {
            // Nothing but values too small to be normal numbers.
            edges.Add(Math.ScaleB(1, HistogramLayout.LowestOctave));
        }

        (FineCounts, FineEdges) = ([.. fine], [.. edges]);
    }

    private HistogramView(long[] counts, double[] edges) => (Counts, Edges, FineCounts, FineEdges) = (counts, edges, counts, edges);

    /// <summary>The counts of bins of one width.</summary>
    public long[] Counts { get; }

    /// <summary>The edges of <see cref="Counts"/>, one more.</summary>
    public double[] Edges { get; }

    /// <summary>The counts of all bins, those of octaves below the linear ones.</summary>
    public long[] FineCounts { get; }

    /// <summary>The edges of <see cref="FineCounts"/>, one more.</summary>
    public double[] FineEdges { get; }

    /// <summary>Zeros have no range: one bin without a width.</summary>
    public static HistogramView OfZeros(long count) => new([count], [0, 0]);

    private static double[] Multiples(double width, int first, int last)
    {
        double[] edges = new double[last - first + 1];
        for (int i = 0; i < edges.Length; i++)
        {
            edges[i] = (first + i) * width;
        }

        return edges;
    }
}
