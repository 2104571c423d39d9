namespace QuantGen.Statistics.Searches;

/// <summary>The range that a share of the values lies in, with as many of the others beyond one end as beyond the other.</summary>
internal static class TailSearch
{
    /// <summary>How far the range reaches below and above zero: the nearer edges of the bins in which so many values are reached.</summary>
    /// <param name="below">The counts of negative values, by magnitude.</param>
    /// <param name="belowEdges">The edges of their bins.</param>
    /// <param name="above">The counts of the others.</param>
    /// <param name="aboveEdges">The edges of their bins.</param>
    /// <param name="percentage">The percentage of all values that stay inside.</param>
    public static (double Low, double High) Ends(long[] below, double[] belowEdges, long[] above, double[] aboveEdges, double percentage)
        => (End(below, belowEdges, above.Sum(), percentage), End(above, aboveEdges, below.Sum(), percentage));

    // The values on the other side of zero count as zeros, so that a share of one side is one of all values.
    private static double End(long[] counts, double[] edges, long others, double percentage)
    {
        long[] all = [.. counts];
        all[0] += others;
        return AmaxSearch.Percentile(all, edges, (100 + percentage) / 2);
    }
}
