using QuantGen.Numerics.Formats;
using QuantGen.Statistics.Histograms;
using QuantGen.Statistics.Searches;

namespace QuantGen.Statistics;

/// <summary>A histogram of absolute values, for one range.</summary>
/// <param name="Batches">The number of batches that reached the quantizer.</param>
/// <param name="Histogram">The histogram; nothing is added to it any more.</param>
/// <param name="BatchRanges">The range of each batch, in order; null where the order is not known: after merging and loading.</param>
internal sealed record HistogramStatistics(long Batches, Histogram Histogram, IReadOnlyList<BatchRange>? BatchRanges) : TensorStatistics(Batches)
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
        CalibrationMethodKind.MovingAverageMax => BatchRanges is { Count: > 0 },
        CalibrationMethodKind.Entropy or CalibrationMethodKind.Sqnr => !format.IsE4M3,
        _ => true,
    };

    /// <inheritdoc/>
    public override RangeValue? FindRange(CalibrationMethod method, QuantFormat format)
        => !HasData ? null
            : format.Affine ? HistogramSearch.Ends(Histogram, BatchRanges ?? [], method, format)
            : new((float)HistogramSearch.Amax(Histogram, isDoubling: true, [.. (BatchRanges ?? []).Select(batch => batch.Amax)], method, format));

    /// <inheritdoc/>
    public override MethodOutcome Judge(CalibrationMethod method, RangeValue range, QuantFormat format)
    {
        if (range.Amin is { } amin)
        {
            double clipped = (Beyond(Histogram.Below, -amin, -Histogram.Minimum) + Beyond(Histogram.Above, range.Largest, Histogram.Maximum)) / Histogram.Total;
            return new(method, range.Largest, clipped, AffineDecibels(range.Largest, amin, format)) { Amin = amin };
        }

        float largest = range.Largest;
        return new(method, largest, Clipped(largest), Decibels(largest, format));
    }

    /// <inheritdoc/>
    public override bool IsLostIn(RangeValue range, QuantFormat format)
    {
        double end = Math.Max(range.Largest, -(range.Amin ?? 0)), zero = (range.Largest - (range.Amin ?? 0)) / format.Largest / 2;
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
        ? new HistogramStatistics(Batches + same.Batches, Histogram.Merge(Histogram, same.Histogram), BatchRanges: null)
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

        return Beyond(Histogram.FineCounts, Histogram.FineEdges, amax, Histogram.Largest) / Histogram.Total;
    }

    private static double Beyond(HistogramView side, double end, double largest)
        => end >= (float)largest ? 0 : Beyond(side.FineCounts, side.FineEdges, end, largest);

    private static double Beyond(ReadOnlySpan<long> counts, ReadOnlySpan<double> edges, double amax, double largest)
    {
        double beyond = 0;
        for (int bin = counts.Length - 1; bin >= 0 && edges[bin + 1] > amax; bin--)
        {
            double end = Math.Min(edges[bin + 1], largest);
            beyond += counts[bin] * Math.Clamp((end - amax) / Math.Max(end - edges[bin], double.Epsilon), 0, 1);
        }

        return beyond;
    }

    private double AffineDecibels(float amax, float amin, QuantFormat format)
    {
        SignedNoise noise = new(Histogram.Below.FineCounts, Histogram.Below.FineEdges, Histogram.Above.FineCounts, Histogram.Above.FineEdges);
        double power = noise.Power(amin, amax, format.Largest);
        return power == 0 ? double.PositiveInfinity : 10 * Math.Log10(noise.Signal / power);
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
