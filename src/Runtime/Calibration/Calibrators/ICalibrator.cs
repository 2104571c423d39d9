using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects what is needed of a quantizer's inputs to find its amax.</summary>
public interface ICalibrator
{
    /// <summary>Whether a value was collected since the last <see cref="Reset"/>.</summary>
    bool HasData { get; }

    /// <summary>The smallest value so far, to tell whether an unsigned range will do; positive infinity before the first.</summary>
    double Minimum { get; }

    /// <summary>The largest value so far, with its sign; negative infinity before the first.</summary>
    double Maximum { get; }

    /// <summary>Adds an input to the statistics.</summary>
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
}
