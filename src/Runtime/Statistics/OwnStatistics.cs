using QuantGen.Numerics.Formats;

namespace QuantGen.Statistics;

/// <summary>What a calibrator of the user's collected. It answers by itself; only it knows whether and how its statistics could be merged or saved.</summary>
/// <param name="Batches">The number of batches that reached the quantizer.</param>
/// <param name="Calibrator">The calibrator.</param>
internal sealed record OwnStatistics(long Batches, ICalibrator Calibrator) : TensorStatistics(Batches)
{
    /// <inheritdoc/>
    public override bool HasData => Calibrator.HasData;

    /// <inheritdoc/>
    public override double Minimum => Calibrator.Minimum;

    /// <inheritdoc/>
    public override double Maximum => Calibrator.Maximum;

    private string Name => Calibrator.GetType().Name;

    /// <inheritdoc/>
    public override bool Fits(QuantAxes? axis) => true;

    /// <inheritdoc/>
    public override CalibrationMethod Answering(CalibrationMethod asked) => asked;

    /// <inheritdoc/>
    public override bool CanAnswer(CalibrationMethod method, QuantFormat format)
    {
        try
        {
            return FindRange(method, format) is not null;
        }
        catch (ArgumentException)
        {
            // How a calibrator says that it does not know a method.
            return false;
        }
    }

    /// <inheritdoc/>
    public override RangeValue? FindRange(CalibrationMethod method, QuantFormat format)
    {
        lock (Calibrator)
        {
            return Calibrator.FindRange(method, format);
        }
    }

    /// <inheritdoc/>
    public override TensorStatistics MergedWith(TensorStatistics other)
        => throw new ArgumentException($"it was collected by a {Name}, whose statistics do not merge: only those of calibration's own calibrators do.");

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
        => throw new InvalidOperationException(
            $"it was collected by a {Name}, whose statistics cannot be saved: only those of calibration's own calibrators can.");
}
