using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Puts a model into the state in which its quantizers collect and do not quantize, and back again.</summary>
internal sealed class CollectingState : IDisposable
{
    private readonly EvaluationMode _evaluation;
    private readonly Dictionary<CollectedQuantizer, CollectedQuantizer> _weights;
    private readonly List<(TensorQuantizer Quantizer, ICalibrator Calibrator, bool Quantizing, bool Calibrating)> _before = [];

    public CollectingState(Module model, int bins)
    {
        Quantizers = Prepare(model, bins);
        foreach (CollectedQuantizer collected in Quantizers)
        {
            TensorQuantizer quantizer = collected.Quantizer;
            _before.Add((quantizer, quantizer.Calibrator, quantizer.IsQuantizing, quantizer.IsCalibrating));
            (quantizer.Calibrator, quantizer.IsQuantizing, quantizer.IsCalibrating) = (collected.Calibrator, false, true);
        }

        _weights = Weights(model, Quantizers);
        _evaluation = new(model);
    }

    public IReadOnlyList<CollectedQuantizer> Quantizers { get; }

    /// <summary>A model's quantizers that calibration gives a range, each with an empty calibrator.</summary>
    public static IReadOnlyList<CollectedQuantizer> Prepare(Module model, int bins)
    {
        IEnumerable<(string Name, Module Module)> modules = [("", model), .. model.named_modules()];
        List<CollectedQuantizer> quantizers = [];
        HashSet<TensorQuantizer> known = [];
        foreach ((string name, Module module) in modules)
        {
            // A module that is used in two places is listed twice, and has one range.
            if (module is TensorQuantizer { IsEnabled: true, Descriptor.Amax: null } quantizer && known.Add(quantizer))
            {
                ICalibrator calibrator = quantizer.Axis is null ? new HistogramCalibrator(quantizer.NumBits, bins) : new MaxCalibrator(quantizer.Axis);
                quantizers.Add(new(name, quantizer, calibrator));
            }
        }

        return quantizers.Count > 0 ? quantizers : throw new InvalidOperationException(
            $"{model.GetName()} has no quantizer to calibrate. Calibrate the generated sibling of a model with [Quantize], not the model itself.");
    }

    /// <summary>Runs a batch through the model. Where that fails, the statistics are as before it.</summary>
    public void Feed(Action forward, int number)
    {
        List<Action> undo = [.. Quantizers.Select(collected => ((IUndoable)collected.Calibrator).Remember())];
        Dictionary<CollectedQuantizer, long> seen = Quantizers.ToDictionary(collected => collected, Seen);
        try
        {
            forward();
        }
        catch (Exception e)
        {
            undo.ForEach(action => action());
            if (e is not CollectionException collection)
            {
                throw;
            }

            CollectedQuantizer failed = Quantizers.First(entry => entry.Quantizer == collection.Quantizer);
            failed.SawNotFinite = collection.InnerException is NotFiniteInputException;
            throw new CalibrationException(failed.Name, number, new(Quantizers, number - 1), collection);
        }

        CollectedQuantizer[] reached = [.. seen.Where(entry => Seen(entry.Key) > entry.Value).Select(entry => entry.Key)];
        foreach (CollectedQuantizer collected in reached.Union(_weights.Where(pair => !pair.Key.Quantizer.IsCalibrating && reached.Contains(pair.Value)).Select(pair => pair.Key)))
        {
            collected.Batches++;
        }

        // A weight is the same in every batch: once will do.
        foreach (CollectedQuantizer weight in reached.Where(_weights.ContainsKey))
        {
            weight.Quantizer.IsCalibrating = false;
        }
    }

    public void Dispose()
    {
        foreach ((TensorQuantizer quantizer, ICalibrator calibrator, bool quantizing, bool calibrating) in _before)
        {
            (quantizer.Calibrator, quantizer.IsQuantizing, quantizer.IsCalibrating) = (calibrator, quantizing, calibrating);
        }

        _evaluation.Dispose();
    }

    // The quantizers of weights, with those of the inputs of their modules.
    private static Dictionary<CollectedQuantizer, CollectedQuantizer> Weights(Module model, IReadOnlyList<CollectedQuantizer> quantizers)
    {
        Dictionary<CollectedQuantizer, CollectedQuantizer> weights = [];
        foreach (IQuantizedWeight module in model.modules().Prepend(model).OfType<IQuantizedWeight>().Distinct())
        {
            CollectedQuantizer? weight = quantizers.FirstOrDefault(entry => entry.Quantizer == module.WeightQuantizer);
            CollectedQuantizer? input = quantizers.FirstOrDefault(entry => entry.Quantizer == module.InputQuantizer);
            if (weight is not null && input is not null)
            {
                weights.Add(weight, input);
            }
        }

        return weights;
    }

    private static long Seen(CollectedQuantizer collected)
        => collected.Calibrator is HistogramCalibrator histogram ? histogram.BatchAmax.Count : ((MaxCalibrator)collected.Calibrator).Inputs;
}
