using QuantGen.Statistics.Histograms;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects both sides of zero apart, to find a range for <see cref="FakeAffineQuant"/> that is not symmetric.</summary>
/// <param name="bins">The number of bins of each side, even.</param>
public sealed class AffineCalibrator(int bins = Histogram.DefaultBins)
{
    private Histogram _below = new(bins), _above = new(bins);

    /// <summary>Whether a value was collected since the last <see cref="Reset"/>.</summary>
    public bool HasData => _above.Total > 0;

    /// <summary>Adds an input to the statistics.</summary>
    /// <param name="input">A floating-point tensor; nothing of it is kept.</param>
    /// <exception cref="ArgumentException">The input holds NaN or infinity; the statistics stay as they were.</exception>
    public void Collect(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        Tensor values = HistogramInput.Of(input);
        HistogramInput.RequireFinite(values.isfinite().all().item<bool>());

        // A value counts as 0 on the other side, so that a percentile of one side is one of all values.
        _above.Add(values.clamp_min(0));
        _below.Add(values.clamp_max(0));
    }

    /// <summary>The range that a method finds. It always holds zero, which the affine grid represents exactly.</summary>
    /// <param name="method">
    /// Max (smallest and largest value), or a percentile: that share of all values is at most the upper end, and that share at least the lower end.
    /// </param>
    /// <returns>The range; null where nothing was collected.</returns>
    /// <exception cref="ArgumentException">Another method: the others look for a symmetric range.</exception>
    public (float Minimum, float Maximum)? ComputeRange(CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!HasData)
        {
            return null;
        }

        return method.Kind switch
        {
            CalibrationMethodKind.Max => ((float)-_below.Largest, (float)_above.Largest),
            CalibrationMethodKind.Percentile => ((float)-End(_below, method.Percentage), (float)End(_above, method.Percentage)),
            _ => throw new ArgumentException($"The method '{method}' looks for a symmetric range. Use max or a percentile.", nameof(method)),
        };
    }

    /// <summary>Takes in what another calibrator collected, exactly as if it had been collected here.</summary>
    /// <param name="other">A calibrator with the same number of bins; it stays as it is.</param>
    public void Merge(AffineCalibrator other)
    {
        ArgumentNullException.ThrowIfNull(other);
        (_below, _above) = (Histogram.Merge(_below, other._below), Histogram.Merge(_above, other._above));
    }

    /// <summary>Forgets everything.</summary>
    public void Reset() => (_below, _above) = (new(bins), new(bins));

    private static double End(Histogram side, double percentage) => AmaxSearch.Percentile(side.Counts, side.Edges, percentage);
}
