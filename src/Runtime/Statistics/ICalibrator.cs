using QuantGen.Numerics.Formats;
using QuantGen.Statistics;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects what is needed of a quantizer's inputs to find its amax.</summary>
/// <remarks>
/// Calibration uses one that was given to <see cref="TensorQuantizer.Calibrator"/>, after a <see cref="Reset"/>, instead of its own. It takes one input at a
/// time:
/// a quantizer never calls it from two threads at once.
/// </remarks>
public interface ICalibrator
{
    /// <summary>Whether a value was collected since the last <see cref="Reset"/>.</summary>
    bool HasData { get; }

    /// <summary>The smallest value so far, to tell whether an unsigned range will do; positive infinity before the first.</summary>
    double Minimum { get; }

    /// <summary>The largest value so far, with its sign; negative infinity before the first.</summary>
    double Maximum { get; }

    /// <summary>Adds an input to the statistics. An input without elements adds nothing.</summary>
    /// <param name="input">A floating-point tensor; nothing of it is kept.</param>
    /// <exception cref="ArgumentException">The input holds NaN or infinity, or does not fit the earlier ones; the statistics stay as they were.</exception>
    void Collect(Tensor input);

    /// <summary>The amax for what was collected.</summary>
    /// <param name="method">The search.</param>
    /// <returns>A new tensor, or null where nothing was collected.</returns>
    /// <exception cref="ArgumentException">This calibrator does not collect what <paramref name="method"/> needs.</exception>
    Tensor? ComputeAmax(CalibrationMethod method);

    /// <summary>Forgets everything.</summary>
    void Reset();

    /// <summary>
    /// Says that the inputs from here to <see cref="EndBatch"/> belong to one batch, though a quantizer that is used in several places brings several.
    /// Without it, each input is a batch. Does nothing unless implemented.
    /// </summary>
    void BeginBatch()
    {
    }

    /// <summary>Ends what <see cref="BeginBatch"/> began. Does nothing unless implemented.</summary>
    /// <param name="keep">Whether the batch counts; otherwise the statistics become what they were before it.</param>
    void EndBatch(bool keep)
    {
    }

    /// <summary>The amax for values that become numbers of a format; a calibrator that does not care for the format ignores it.</summary>
    internal Tensor? ComputeAmax(CalibrationMethod method, QuantFormat format) => ComputeAmax(method);

    /// <summary>The range for values that become numbers of a format: an amax, or the two ends of an affine one.</summary>
    /// <exception cref="ArgumentException">This calibrator does not collect what <paramref name="method"/> needs.</exception>
    internal RangeValue? FindRange(CalibrationMethod method, QuantFormat format)
    {
        if (!format.Affine)
        {
            using var scope = NewDisposeScope();
            return ComputeAmax(method, format) is { } amax ? new(AmaxValue.Of(amax)) : null;
        }

        if (!HasData)
        {
            return null;
        }

        return method.Kind == CalibrationMethodKind.Max
            ? RangeValue.Affine(Minimum, Maximum)
            : throw new ArgumentException($"A {GetType().Name} finds one number by the method '{method}', and an affine range has two ends: it knows those of max only.");
    }

    /// <summary>What was collected, free of this calibrator where it can be.</summary>
    /// <param name="batches">The number of batches.</param>
    internal TensorStatistics Snapshot(long batches) => new OwnStatistics(batches, this);
}
