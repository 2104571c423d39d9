using QuantGen.Numerics.Formats;
using QuantGen.Statistics.Methods;

namespace QuantGen.Statistics;

/// <summary>Asks a histogram for the amax of a method.</summary>
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
}
