using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects a histogram of absolute values, from which every <see cref="CalibrationMethod"/> finds its amax. One range for the tensor.</summary>
/// <param name="numBits">The number of integer bits that the searches assume.</param>
/// <param name="bins">The number of bins.</param>
public sealed class HistogramCalibrator(NumBits numBits, int bins = 2048) : ICalibrator
{
    /// <summary>What was collected.</summary>
    public Histogram Histogram { get; private set; } = new(bins);

    /// <summary>Whether the searches assume an unsigned range.</summary>
    public bool Unsigned { get; set; }

    /// <inheritdoc/>
    public bool HasData => Histogram.Total > 0;

    /// <inheritdoc/>
    public double Minimum => Histogram.Minimum;

    /// <inheritdoc/>
    public void Collect(Tensor input) => Histogram.Add(input);

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!HasData)
        {
            return null;
        }

        double amax = method.Kind switch
        {
            _ when Histogram.Maximum == 0 => 0,
            CalibrationMethodKind.Max => Histogram.Maximum,
            CalibrationMethodKind.Entropy => AmaxSearch.Entropy(Histogram.Counts, Histogram.BinWidth, numBits.Bits, Unsigned),
            CalibrationMethodKind.Mse => AmaxSearch.Mse(Histogram.Counts, Histogram.BinWidth, numBits.Bits, Unsigned),
            CalibrationMethodKind.Percentile => AmaxSearch.Percentile(Histogram.Counts, Histogram.BinWidth, method.Percentage),
            _ => throw new ArgumentException($"A histogram calibrator does not know the method '{method}'.", nameof(method)),
        };

        // The last bin reaches beyond the largest value; a range does not need to.
        return tensor((float)Math.Min(amax, Histogram.Maximum));
    }

    /// <inheritdoc/>
    public void Reset() => Histogram = new(bins);
}
