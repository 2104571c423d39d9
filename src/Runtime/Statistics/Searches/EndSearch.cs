namespace QuantGen.Statistics.Searches;

/// <summary>Searches for the two ends of an affine range: how far it reaches below and above zero.</summary>
/// <remarks>
/// All pairs of ends would be millions. Rounding noise depends on the distance of the ends alone and clipping on each end by itself, and both grow smoothly
/// (Banner et al., arXiv:1810.05723, section 3), so that the error is close to convex: first both ends are moved in together, then each in turn is looked for
/// by itself while the other one stays (coordinate descent, as in LAPQ, Nahshan et al., arXiv:1911.07190), over the whole side at first and nearby afterwards,
/// until neither moves. That is about 400 of four million pairs. Of equal errors the wider range wins.
/// </remarks>
internal static class EndSearch
{
    private const int Samples = 64, Finer = 8, MostRounds = 6;

    /// <summary>The ends with the smallest squared error, which is the best signal-to-noise ratio, when values lie evenly inside their bins.</summary>
    /// <param name="below">The counts of negative values, by magnitude.</param>
    /// <param name="belowEdges">The edges of their bins.</param>
    /// <param name="above">The counts of the others.</param>
    /// <param name="aboveEdges">The edges of their bins.</param>
    /// <param name="levels">The number of steps in the range.</param>
    public static (double Low, double High) LeastNoise(long[] below, double[] belowEdges, long[] above, double[] aboveEdges, float levels)
    {
        SignedNoise noise = new(below, belowEdges, above, aboveEdges);
        (int low, int high) = Least(Filled(below), Filled(above), (low, high) => noise.Power(-belowEdges[low], aboveEdges[high], levels));
        return (belowEdges[low], aboveEdges[high]);
    }

    /// <summary>The ends with the smallest divergence between the distribution and its quantized form.</summary>
    /// <inheritdoc cref="LeastNoise"/>
    public static (double Low, double High) LeastDivergence(long[] below, double[] belowEdges, long[] above, double[] aboveEdges, float levels)
    {
        int belowBins = Filled(below);
        SignedEntropy entropy = new(below.AsSpan(0, belowBins), above.AsSpan(0, Filled(above)), (long)levels + 1);
        (int low, int high) = Least(belowBins, Filled(above), entropy.Divergence);
        return (belowEdges[low], aboveEdges[high]);
    }

    /// <summary>The pair with the smallest error, of those from (0, 0) to (lows, highs), as far as the search finds it.</summary>
    internal static (int Low, int High) Least(int lows, int highs, Func<int, int, double> error)
    {
        (int low, int high) = (lows, highs);
        double least = error(low, high);
        void Try(int candidateLow, int candidateHigh)
        {
            double candidate = error(candidateLow, candidateHigh);
            if (candidate < least)
            {
                (least, low, high) = (candidate, candidateLow, candidateHigh);
            }
        }

        for (int sample = Samples - 1; sample > 0; sample--)
        {
            Try(Share(lows, sample), Share(highs, sample));
        }

        for (int round = 0; round < MostRounds; round++)
        {
            (int Low, int High) before = (low, high);
            int reach = round == 0 ? Samples : Finer;
            Along(highs, reach, () => high, candidate => Try(low, candidate));
            Along(lows, reach, () => low, candidate => Try(candidate, high));
            if (before == (low, high))
            {
                break;
            }
        }

        return (low, high);
    }

    // Tries places around the best one so far, further apart at first.
    private static void Along(int places, int reach, Func<int> best, Action<int> attempt)
    {
        for (int apart = Math.Max(1, places / Samples); ; apart = Math.Max(1, apart / Finer))
        {
            int around = best();
            for (int place = Math.Min(places, around + (apart * reach)); place >= Math.Max(0, around - (apart * reach)); place -= apart)
            {
                attempt(place);
            }

            if (apart == 1)
            {
                return;
            }

            reach = Finer;
        }
    }

    private static int Share(int whole, int sample) => (int)(((long)whole * sample + Samples - 1) / Samples);

    // The bins up to the last one that is not empty; none where all are.
    private static int Filled(long[] counts) => Array.FindLastIndex(counts, count => count > 0) + 1;
}
