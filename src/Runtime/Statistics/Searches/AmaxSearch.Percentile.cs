namespace QuantGen;

/// <content>Percentile.</content>
public static partial class AmaxSearch
{
    /// <summary>The left edge of the bin in which the given percentage of values is reached.</summary>
    /// <param name="counts">The counts of the bins.</param>
    /// <param name="edges">The edges of the bins, one more.</param>
    /// <param name="percentage">The percentage, from 0 to 100.</param>
    /// <exception cref="ArgumentException">A percentage out of range, or a number of edges that does not fit.</exception>
    public static double Percentile(ReadOnlySpan<long> counts, ReadOnlySpan<double> edges, double percentage)
    {
        Check(counts, edges, stride: 1, startBin: 0, lastCandidate: 0);
        if (!(percentage >= 0 && percentage <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentage), percentage, "A percentile must be from 0 to 100.");
        }

        double total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        // Summed as the reference does, shares instead of counts: a percentile on the edge of a bin depends on it.
        double reached = 0;
        for (int bin = 0; bin < counts.Length; bin++)
        {
            reached += counts[bin] / total;
            if (reached >= percentage / 100)
            {
                return edges[bin];
            }
        }

        return edges[^1];
    }
}
