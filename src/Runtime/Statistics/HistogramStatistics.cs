using QuantGen.Numerics.Formats;
using QuantGen.Statistics.Searches;

namespace QuantGen.Statistics;

/// <summary>A histogram of absolute values, for one range.</summary>
/// <param name="Batches">The number of batches that reached the quantizer.</param>
/// <param name="Histogram">The histogram; nothing is added to it any more.</param>
/// <param name="BatchAmax">The largest absolute value of each batch, in order; null where the order is not known: after merging and loading.</param>
internal sealed record HistogramStatistics(long Batches, Histogram Histogram, IReadOnlyList<double>? BatchAmax) : TensorStatistics(Batches)
{
    /// <inheritdoc/>
    public override bool HasData => Histogram.Total > 0;

    /// <inheritdoc/>
    public override double Minimum => Histogram.Minimum;

    /// <inheritdoc/>
    public override double Maximum => Histogram.Maximum;

    /// <inheritdoc/>
    public override bool Fits(QuantAxes? axis) => axis is null;

    /// <inheritdoc/>
    public override CalibrationMethod Answering(CalibrationMethod asked) => asked;

    /// <inheritdoc/>
    public override bool CanAnswer(CalibrationMethod method, QuantFormat format) => method.Kind switch
    {
        CalibrationMethodKind.MovingAverageMax => BatchAmax is { Count: > 0 },
        CalibrationMethodKind.Entropy or CalibrationMethodKind.Sqnr => !format.IsE4M3,
        _ => true,
    };

    /// <inheritdoc/>
    public override AmaxValue? FindAmax(CalibrationMethod method, QuantFormat format)
        => HasData ? (float)HistogramSearch.Amax(Histogram, isDoubling: true, BatchAmax ?? [], method, format) : null;

    /// <inheritdoc/>
    public override MethodOutcome Judge(CalibrationMethod method, AmaxValue amax, QuantFormat format)
    {
        float largest = Largest(amax);
        return new(method, largest, Clipped(largest), Decibels(largest, format));
    }

    /// <inheritdoc/>
    public override bool IsLostIn(AmaxValue amax, QuantFormat format)
    {
        double end = Largest(amax), zero = end / format.Largest / 2;
        long lost = 0, values = 0;
        ReadOnlySpan<long> counts = Histogram.FineCounts;
        ReadOnlySpan<double> edges = Histogram.FineEdges;

        // The first bin holds the zeros.
        for (int bin = 1; bin < counts.Length; bin++)
        {
            values += edges[bin] < end / 2 ? counts[bin] : 0;
            lost += edges[bin + 1] <= zero ? counts[bin] : 0;
        }

        return !format.IsE4M3 && lost > MostLost * values;
    }

    /// <inheritdoc/>
    public override TensorStatistics MergedWith(TensorStatistics other) => other is HistogramStatistics same
        ? new HistogramStatistics(Batches + same.Batches, Histogram.Merge(Histogram, same.Histogram), BatchAmax: null)
        : throw OtherKind();

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer) => Histogram.Write(writer);

    // Values lie evenly inside the bin that amax cuts.
    private double Clipped(double amax)
    {
        if (amax >= (float)Histogram.Largest)
        {
            return 0;
        }

        double beyond = 0;
        ReadOnlySpan<long> counts = Histogram.FineCounts;
        ReadOnlySpan<double> edges = Histogram.FineEdges;
        for (int bin = counts.Length - 1; bin >= 0 && edges[bin + 1] > amax; bin--)
        {
            double end = Math.Min(edges[bin + 1], Histogram.Largest);
            beyond += counts[bin] * Math.Clamp((end - amax) / Math.Max(end - edges[bin], double.Epsilon), 0, 1);
        }

        return beyond / Histogram.Total;
    }

    private double Decibels(double amax, QuantFormat format)
    {
        ReadOnlySpan<long> counts = Histogram.FineCounts;
        ReadOnlySpan<double> edges = Histogram.FineEdges;
        QuantizationNoise noise = new(counts, edges);
        double power = format.IsE4M3
            ? AmaxSearch.ErrorOf(AmaxSearch.Centers(edges), counts, format.NumBits, format.Unsigned).Error((float)amax)
            : noise.Power(amax, format.Largest);
        return power == 0 ? double.PositiveInfinity : 10 * Math.Log10(noise.Signal / power);
    }
}
