using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantGen.Statistics.Searches;

/// <summary>Running sums over a histogram, from which the divergence of a cut-off distribution follows in one step for each level.</summary>
internal sealed class EntropyTables
{
    private readonly double[] _density, _sum, _plogp;
    private readonly int[] _filled;
    private readonly double[] _inside, _mean;
    private readonly long _levels;

    public EntropyTables(ReadOnlySpan<long> counts, long levels)
    {
        int bins = counts.Length;
        _levels = levels;
        _density = new double[bins];
        for (int i = 0; i < bins; i++)
        {
            _density[i] = counts[i];
        }

        // The first bin holds the zeros, of which a layer after a ReLU has many; it counts like its neighbour.
        if (bins > 1)
        {
            _density[0] = _density[1];
        }

        (_sum, _plogp, _filled) = (new double[bins + 1], new double[bins + 1], new int[bins + 1]);
        for (int i = 0; i < bins; i++)
        {
            _sum[i + 1] = _sum[i] + _density[i];
            _plogp[i + 1] = _plogp[i] + PlogP(_density[i]);
            _filled[i + 1] = _filled[i] + (_density[i] != 0 ? 1 : 0);
        }

        // Whole vectors of the longest kind, so that the loop over logarithms has no rest.
        int length = ((int)Math.Min(levels, bins) + 15) & ~7;
        (_inside, _mean) = (new double[length], new double[length]);
    }

    /// <summary>
    /// Σ p log(p / q) over the first <paramref name="kept"/> bins, with p the density (the tail added to the last one) and q constant over the
    /// filled bins of each level; both normalised. Infinite where the tail comes to lie on an empty bin.
    /// </summary>
    public double Divergence(int kept)
    {
        double total = _sum[^1], tail = total - _sum[kept], last = _density[kept - 1];
        if (last == 0 && tail > 0)
        {
            return double.PositiveInfinity;
        }

        double plogp = _plogp[kept] - PlogP(last) + PlogP(last + tail);
        double crossed = _levels >= kept ? _plogp[kept] + (tail == 0 ? 0 : tail * Math.Log(last)) : Crossed(kept, tail);

        // p sums to total and q to the kept part: normalising both adds log(kept part / total).
        return ((plogp - crossed) / total) + Math.Log(_sum[kept] / total);
    }

    // Σ p log q over the levels; bin i belongs to level floor(i · levels / kept).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Crossed(int kept, double tail)
    {
        int used = 0, begin = 0;
        for (long level = 1; level <= _levels; level++)
        {
            int end = (int)(((level * kept) + _levels - 1) / _levels);
            int filled = _filled[end] - _filled[begin];
            if (filled != 0)
            {
                double inside = _sum[end] - _sum[begin];
                _mean[used] = inside / filled;
                _inside[used++] = end == kept ? inside + tail : inside;
            }

            begin = end;
        }

        while (used % Vector512<double>.Count != 0)
        {
            (_mean[used], _inside[used]) = (1, 0);
            used++;
        }

        Vector512<double> crossed = default;
        ref double inside0 = ref MemoryMarshal.GetArrayDataReference(_inside);
        ref double mean0 = ref MemoryMarshal.GetArrayDataReference(_mean);
        for (nuint i = 0; i < (nuint)used; i += (nuint)Vector512<double>.Count)
        {
            crossed += Vector512.LoadUnsafe(ref inside0, i) * Vector512.Log(Vector512.LoadUnsafe(ref mean0, i));
        }

        return Vector512.Sum(crossed);
    }

    private static double PlogP(double p) => p == 0 ? 0 : p * Math.Log(p);
}
