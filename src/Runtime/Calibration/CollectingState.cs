using QuantGen.Quantizers;
using QuantGen.Statistics.Histograms;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Calibrating;

/// <summary>Puts a model into the state in which its quantizers collect and do nothing else, and back again.</summary>
internal sealed class CollectingState : IDisposable
{
    private readonly IReadOnlyList<QuantizerCollector> _collectors;
    private readonly IReadOnlyList<bool> _wereCalibrating;
    private readonly EvaluationMode _evaluation;

    /// <summary>Starts a collection.</summary>
    /// <param name="model">The model.</param>
    /// <param name="bins">The number of bins of each histogram.</param>
    /// <exception cref="InvalidOperationException">The model has no quantizer to calibrate.</exception>
    public CollectingState(Module model, int bins)
    {
        Dictionary<TensorQuantizer, Tensor> weights = [];
        foreach (QuantizedWeight weight in ModelQuantizers.Weights(model).Select(entry => entry.Weight).Where(weight => weight.Parts.Count == 1))
        {
            weights[weight.Quantizer] = weight.Parts[0];
        }

        _collectors = [.. ModelQuantizers.Of(model).Select(entry => new QuantizerCollector(
            entry.Name, entry.Quantizer, CalibratorOf(entry.Quantizer, bins), weights.GetValueOrDefault(entry.Quantizer)))];
        _wereCalibrating = [.. _collectors.Select(collector => collector.Quantizer.IsCalibrating)];
        foreach (QuantizerCollector collector in _collectors)
        {
            (collector.Quantizer.Collector, collector.Quantizer.IsCalibrating) = (collector, true);
        }

        _evaluation = new(model);
    }

    /// <summary>Runs a batch through the model. Where that fails, the statistics are as before it.</summary>
    /// <exception cref="CalibrationException">The batch brought a quantizer what statistics cannot take.</exception>
    public void Feed(Action forward, int number)
    {
        foreach (QuantizerCollector collector in _collectors)
        {
            collector.BeginBatch();
        }

        try
        {
            forward();
        }
        catch (Exception e)
        {
            End(keep: false);
            if (e is CollectionException collection && _collectors.FirstOrDefault(collector => collector.Quantizer == collection.Quantizer) is { } failed)
            {
                failed.SawNotFinite = collection.InnerException is NotFiniteInputException;
                throw new CalibrationException(failed.Name, number, Snapshot(number - 1), collection);
            }

            throw;
        }

        End(keep: true);
    }

    /// <summary>What was collected so far.</summary>
    public CalibrationState Snapshot(int batches)
        => new(_collectors.Select(collector => KeyValuePair.Create(collector.Name, collector.Snapshot())), batches);

    public void Dispose()
    {
        foreach ((QuantizerCollector collector, bool wasCalibrating) in _collectors.Zip(_wereCalibrating))
        {
            (collector.Quantizer.Collector, collector.Quantizer.IsCalibrating) = (null, wasCalibrating);
            collector.Dispose();
        }

        _evaluation.Dispose();
    }

    // The user's own where there is one, starting anew.
    private static ICalibrator CalibratorOf(TensorQuantizer quantizer, int bins)
    {
        if (!quantizer.HasOwnCalibrator)
        {
            return quantizer.Axis is null ? new HistogramCalibrator(quantizer.NumBits, bins) : new MaxCalibrator(quantizer.Axis);
        }

        quantizer.Calibrator.Reset();
        return quantizer.Calibrator;
    }

    private void End(bool keep)
    {
        foreach (QuantizerCollector collector in _collectors)
        {
            collector.EndBatch(keep);
        }
    }
}
