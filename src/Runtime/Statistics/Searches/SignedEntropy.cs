namespace QuantGen.Statistics.Searches;

/// <summary>
/// The divergence of a distribution that is cut off at both ends and quantized, from running sums; what <see cref="EntropyTables"/> is for one end.
/// </summary>
internal sealed class SignedEntropy
{
    private readonly double[] _density, _sum, _plogp;
    private readonly int[] _filled;
    private readonly int _zero;
    private readonly long _levels;

    /// <summary>Prepares the sums.</summary>
    /// <param name="below">The counts of negative values, by magnitude; empty where there are none.</param>
    /// <param name="above">The counts of the others, in bins of the same width.</param>
    /// <param name="levels">The number of values of the grid.</param>
    public SignedEntropy(ReadOnlySpan<long> below, ReadOnlySpan<long> above, long levels)
    {
        (_zero, _levels) = (below.Length, levels);
        int bins = below.Length + above.Length;
        _density = new double[bins];
        for (int bin = 0; bin < bins; bin++)
        {
            _density[bin] = bin < _zero ? below[_zero - 1 - bin] : above[bin - _zero];
        }

        // The bin above zero holds the zeros, of which there are many behind an activation; it counts like its neighbour, and so does the other one.
        if (above.Length > 0 && bins > 1)
        {
            _density[_zero] = above.Length > 1 ? _density[_zero + 1] : _density[_zero - 1];
        }

        if (below.Length > 1)
        {
            _density[_zero - 1] = _density[_zero - 2];
        }

        (_sum, _plogp, _filled) = (new double[bins + 1], new double[bins + 1], new int[bins + 1]);
        for (int bin = 0; bin < bins; bin++)
        {
            _sum[bin + 1] = _sum[bin] + _density[bin];
            _plogp[bin + 1] = _plogp[bin] + PlogP(_density[bin]);
            _filled[bin + 1] = _filled[bin] + (_density[bin] != 0 ? 1 : 0);
        }
    }

    /// <summary>
    /// Σ p log(p / q) over the bins kept, with p the density (each tail added to the bin at its end) and q constant over the filled bins of each level; both
    /// normalised. Infinite where a tail comes to lie on an empty bin.
    /// </summary>
    /// <param name="below">The number of bins kept below zero.</param>
    /// <param name="above">The number of bins kept above.</param>
    public double Divergence(int below, int above)
    {
        int begin = _zero - below, end = _zero + above, kept = end - begin;
        double total = _sum[^1];
        if (kept < 2 || total == 0 || _sum[end] == _sum[begin])
        {
            return double.PositiveInfinity;
        }

        (double Tail, double Bin) low = (_sum[begin], _density[begin]), high = (total - _sum[end], _density[end - 1]);
        if ((low.Bin == 0 && low.Tail > 0) || (high.Bin == 0 && high.Tail > 0))
        {
            return double.PositiveInfinity;
        }

        double plogp = _plogp[end] - _plogp[begin]
            - PlogP(low.Bin) + PlogP(low.Bin + low.Tail) - PlogP(high.Bin) + PlogP(high.Bin + high.Tail);
        double crossed = 0;
        for (long level = 0; level < Math.Min(_levels, kept); level++)
        {
            (int from, int to) = (begin + Border(level, kept), begin + Border(level + 1, kept));
            int filled = _filled[to] - _filled[from];
            double inside = _sum[to] - _sum[from];
            double moved = inside + (from == begin ? low.Tail : 0) + (to == end ? high.Tail : 0);
            crossed += filled == 0 ? 0 : moved * Math.Log(inside / filled);
        }

        // p sums to total and q to the kept part: normalising both adds log(kept part / total).
        return ((plogp - crossed) / total) + Math.Log((_sum[end] - _sum[begin]) / total);
    }

    // The first bin of a level; each bin is a level where there are as many.
    private int Border(long level, int kept) => _levels >= kept ? (int)level : (int)(((level * kept) + _levels - 1) / _levels);

    private static double PlogP(double p) => p == 0 ? 0 : p * Math.Log(p);
}
