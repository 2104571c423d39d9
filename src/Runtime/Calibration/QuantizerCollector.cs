using QuantGen.Statistics;
using static TorchSharp.torch;

namespace QuantGen.Calibrating;

/// <summary>One quantizer of a model during a collection: hands its inputs on to a calibrator, and knows which batches reached it.</summary>
/// <param name="name">The quantizer's name in the model.</param>
/// <param name="quantizer">The quantizer.</param>
/// <param name="calibrator">What collects.</param>
/// <param name="weight">The parameter that it quantizes, where it quantizes one.</param>
internal sealed class QuantizerCollector(string name, TensorQuantizer quantizer, ICalibrator calibrator, Tensor? weight) : ICalibrator, IDisposable
{
    private bool _isReached;
    private bool _sawWeight;
    private bool _sawWeightBefore;
    private long _batches;

    /// <summary>The quantizer's name in the model.</summary>
    public string Name => name;

    /// <summary>The quantizer.</summary>
    public TensorQuantizer Quantizer => quantizer;

    /// <summary>Whether a batch was left out because of NaN or infinity.</summary>
    public bool SawNotFinite { get; set; }

    /// <inheritdoc/>
    public bool HasData => calibrator.HasData;

    /// <inheritdoc/>
    public double Minimum => calibrator.Minimum;

    /// <inheritdoc/>
    public double Maximum => calibrator.Maximum;

    /// <inheritdoc/>
    public void Collect(Tensor input)
    {
        _isReached = true;

        // A parameter is the same in every batch: once will do. What a module makes of one, for each input anew, is collected like any tensor.
        bool isWeight = ReferenceEquals(input, weight);
        if (isWeight && _sawWeight)
        {
            return;
        }

        calibrator.Collect(input);
        _sawWeight |= isWeight;
    }

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method) => calibrator.ComputeAmax(method);

    /// <inheritdoc/>
    public void Reset() => calibrator.Reset();

    /// <inheritdoc/>
    public void BeginBatch()
    {
        (_isReached, _sawWeightBefore) = (false, _sawWeight);
        calibrator.BeginBatch();
    }

    /// <inheritdoc/>
    public void EndBatch(bool keep)
    {
        calibrator.EndBatch(keep);
        _batches += keep && _isReached ? 1 : 0;
        _sawWeight = keep ? _sawWeight : _sawWeightBefore;
    }

    /// <summary>Frees the calibrator, unless it is the user's.</summary>
    public void Dispose()
    {
        if (!quantizer.HasOwnCalibrator)
        {
            (calibrator as IDisposable)?.Dispose();
        }
    }

    /// <summary>What was collected so far.</summary>
    public TensorStatistics Snapshot() => calibrator.Snapshot(_batches) with { SawNotFinite = SawNotFinite };
}
