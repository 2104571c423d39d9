using QuantGen.Numerics.Formats;
using QuantGen.Statistics.Histograms;
using QuantGen.Statistics.Methods;
using QuantGen.Statistics.Searches;

namespace QuantGen.Statistics;

/// <summary>Asks a histogram for the range of a method.</summary>
internal static class HistogramSearch
{
    /// <summary>The amax.</summary>
    /// <param name="histogram">The histogram, not empty.</param>
    /// <param name="isDoubling">Whether it is ours, and not one of the reference's kinds.</param>
    /// <param name="batchAmax">The largest absolute value of each batch, for the moving average.</param>
    /// <param name="method">The method.</param>
    /// <param name="format">What values will be quantized to.</param>
    /// <exception cref="ArgumentException">The histogram, or the format, does not go with the method.</exception>
    public static double Amax(IHistogram histogram, bool isDoubling, IReadOnlyList<double> batchAmax, CalibrationMethod method, QuantFormat format)
    {
        if (histogram.Largest == 0)
        {
            return 0;
        }

        // A doubling histogram may have few bins in use; in the reference's modes a start behind the last bin is an error.
        ReadOnlySpan<long> counts = histogram.Counts;
        int start = isDoubling ? Math.Min(method.StartBin, counts.Length - 1) : method.StartBin;
        double amax = method.Kind switch
        {
            CalibrationMethodKind.Max => histogram.Largest,
            CalibrationMethodKind.Entropy => AmaxSearch.Entropy(counts, histogram.Edges, format.NumBits, format.Unsigned, method.Stride, start),
            CalibrationMethodKind.Mse => AmaxSearch.Mse(counts, histogram.Edges, format.NumBits, format.Unsigned, method.Stride, start),
            CalibrationMethodKind.Percentile => AmaxSearch.Percentile(histogram.FineCounts, histogram.FineEdges, method.Percentage),
            CalibrationMethodKind.Sqnr => AmaxSearch.Sqnr(counts, histogram.Edges, format.NumBits, format.Unsigned),
            CalibrationMethodKind.MovingAverageMax => MovingAverage.Of(batchAmax, method.AveragingConstant),
            _ => throw new ArgumentException($"A histogram does not know the method '{method}'.", nameof(method)),
        };

        // The last doubling bin reaches beyond the largest value; a range does not need to.
        return isDoubling ? Math.Min(amax, histogram.Largest) : amax;
    }

    /// <summary>The two ends of an affine range, which holds zero.</summary>
    /// <param name="histogram">The histogram, not empty.</param>
    /// <param name="batches">The range of each batch, for the moving average.</param>
    /// <param name="method">The method.</param>
    /// <param name="format">What values will be quantized to.</param>
    public static RangeValue Ends(Histogram histogram, IReadOnlyList<BatchRange> batches, CalibrationMethod method, QuantFormat format)
    {
        if (histogram.Largest == 0)
        {
            return RangeValue.Affine(0, 0);
        }

        HistogramView below = histogram.Below, above = histogram.Above;
        (double low, double high) = method.Kind switch
        {
            CalibrationMethodKind.Max => (-histogram.Minimum, histogram.Maximum),
            CalibrationMethodKind.Percentile => TailSearch.Ends(below.FineCounts, below.FineEdges, above.FineCounts, above.FineEdges, method.Percentage),
            CalibrationMethodKind.Entropy => EndSearch.LeastDivergence(
                below.Counts, below.Edges, histogram.Maximum > 0 ? above.Counts : [], above.Edges, format.Largest),
            CalibrationMethodKind.Mse or CalibrationMethodKind.Sqnr
                => EndSearch.LeastNoise(below.FineCounts, below.FineEdges, above.FineCounts, above.FineEdges, format.Largest),
            CalibrationMethodKind.MovingAverageMax => (
                MovingAverage.Of([.. batches.Select(batch => -batch.Minimum)], method.AveragingConstant),
                MovingAverage.Of([.. batches.Select(batch => batch.Maximum)], method.AveragingConstant)),
            _ => throw new ArgumentException($"A histogram does not know the method '{method}'.", nameof(method)),
        };

        // The last bins reach beyond the values; a range does not need to.
        return RangeValue.Affine(-Math.Min(low, -histogram.Minimum), Math.Min(high, histogram.Maximum));
    }
}
