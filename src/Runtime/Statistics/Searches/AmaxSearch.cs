namespace QuantGen;

/// <summary>
/// Searches for amax, the largest absolute value of a quantizer's range, as pure functions of a histogram: <c>counts[i]</c> values lie between
/// <c>edges[i]</c> and <c>edges[i + 1]</c>. On the reference's histograms they give the reference's answers.
/// </summary>
public static partial class AmaxSearch
{
    /// <summary>The first candidate bin of the searches, as in the reference: a sixteenth of its 2,048 bins.</summary>
    public const int DefaultStartBin = 128;

    private static void Check(ReadOnlySpan<long> counts, ReadOnlySpan<double> edges, int stride, int startBin, int lastCandidate)
    {
        if (counts.IsEmpty || edges.Length != counts.Length + 1)
        {
            throw new ArgumentException(
                $"A histogram has one edge more than bins, and at least one bin, but {edges.Length} edges and {counts.Length} bins were given.", nameof(edges));
        }

        if (stride < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(stride), stride, "The stride between candidates must be at least 1.");
        }

        if (startBin < 0 || startBin > lastCandidate)
        {
            throw new ArgumentOutOfRangeException(
                nameof(startBin), startBin, $"The histogram has {counts.Length} bins, so that the first candidate must be from 0 to {lastCandidate}. Use more bins or an earlier start.");
        }
    }
}
