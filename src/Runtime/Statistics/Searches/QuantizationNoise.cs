using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace QuantGen.Statistics.Searches;

/// <summary>
/// The noise that rounding to a uniform grid and clipping at amax add to the values of a histogram, as an exact integral over bins in which
/// values lie evenly. A first bin that starts at 0 counts as zeros, which have no noise.
/// </summary>
internal sealed class QuantizationNoise
{
    private readonly double[] _edges, _density, _drop;
    private readonly double[] _tailCount, _tailSum, _tailSquares;

    public QuantizationNoise(ReadOnlySpan<long> counts, ReadOnlySpan<double> edges)
    {
        int bins = counts.Length;
        _edges = edges.ToArray();
        (_density, _drop) = (new double[bins], new double[bins]);
        (_tailCount, _tailSum, _tailSquares) = (new double[bins + 1], new double[bins + 1], new double[bins + 1]);
        for (int bin = bins - 1; bin >= 0; bin--)
        {
            bool zeros = bin == 0 && edges[0] <= 0;
            double width = edges[bin + 1] - edges[bin], center = (edges[bin + 1] + edges[bin]) / 2, count = zeros ? 0 : counts[bin];
            _density[bin] = width > 0 ? count / width : 0;
            _tailCount[bin] = _tailCount[bin + 1] + count;
            _tailSum[bin] = _tailSum[bin + 1] + (count * center);
            _tailSquares[bin] = _tailSquares[bin + 1] + (count * ((center * center) + (width * width / 12)));
        }

        for (int bin = 1; bin < bins; bin++)
        {
            _drop[bin] = _density[bin - 1] - _density[bin];
        }
    }

    /// <summary>Σ x² over all values.</summary>
    public double Signal => _tailSquares[0];

    /// <summary>Σ (quantized - x)² over all values.</summary>
    /// <param name="amax">The end of the range.</param>
    /// <param name="high">The number of steps in it.</param>
    public double Power(double amax, double high)
    {
        if (amax <= 0)
        {
            return Signal;
        }

        double step = amax / high;
        int cut = Array.BinarySearch(_edges, amax);
        cut = cut < 0 ? ~cut - 1 : cut;
        if (cut >= _density.Length)
        {
            // At or beyond the last edge: everything is inside.
            return step * step * step * (Rounded(_density.Length, 1 / step) + (_density[^1] * Integral(_edges[^1] / step)));
        }

        if (cut <= 0)
        {
            return Clipped(0, amax);
        }

        // The bin that amax cuts belongs to both sides.
        double integral = Rounded(cut, 1 / step) + (_density[cut - 1] * Integral(_edges[cut] / step))
            + (_density[cut] * (Integral(high) - Integral(_edges[cut] / step)));
        double rest = _edges[cut + 1] - amax;
        return (step * step * step * integral) + (_density[cut] * rest * rest * rest / 3) + Clipped(cut + 1, amax);
    }

    // ∫ (round(t) - t)² from 0 to t: each unit cell gives 1/12.
    private static double Integral(double t)
    {
        double nearest = Math.Round(t), rest = t - nearest;
        return (nearest / 12) + (rest * rest * rest / 3);
    }

    private double Clipped(int from, double amax)
        => Math.Max(0, _tailSquares[from] - (2 * amax * _tailSum[from]) + (amax * amax * _tailCount[from]));

    // Σ density · (F(right edge) - F(left edge)) with F = Integral, over the bins below an edge, summed by parts so that F is needed once an edge.
    // The term of the last edge is the caller's.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Rounded(int end, double inverse)
    {
        Vector512<double> inverses = Vector512.Create(inverse), sums = default;
        ref double edges = ref MemoryMarshal.GetArrayDataReference(_edges);
        ref double drops = ref MemoryMarshal.GetArrayDataReference(_drop);
        int i = 0;
        for (; i <= end - Vector512<double>.Count; i += Vector512<double>.Count)
        {
            Vector512<double> t = Vector512.LoadUnsafe(ref edges, (nuint)i) * inverses;
            Vector512<double> nearest = Vector512.Round(t), rest = t - nearest;
            sums += Vector512.LoadUnsafe(ref drops, (nuint)i) * ((nearest * (1.0 / 12)) + (rest * rest * rest * (1.0 / 3)));
        }

        double sum = Vector512.Sum(sums) - (_density[0] * Integral(_edges[0] * inverse));
        for (; i < end; i++)
        {
            sum += _drop[i] * Integral(_edges[i] * inverse);
        }

        return sum;
    }
}
