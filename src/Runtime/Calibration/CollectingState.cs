using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Puts a model into the state in which its quantizers collect and do not quantize, and back again.</summary>
internal sealed class CollectingState : IDisposable
{
    private readonly Module<Tensor, Tensor> _model;
    private readonly List<(Module Module, bool Training)> _modes;
    private readonly List<(TensorQuantizer Quantizer, ICalibrator Calibrator, bool Quantizing, bool Calibrating)> _before = [];
    private readonly List<(string Name, TensorQuantizer Quantizer, ICalibrator Calibrator)> _quantizers = [];

    public CollectingState(Module<Tensor, Tensor> model)
    {
        foreach ((string name, Module module) in model.named_modules())
        {
            if (module is TensorQuantizer { IsEnabled: true, Descriptor.Amax: null } quantizer)
            {
                ICalibrator calibrator = quantizer.Axis is null ? new HistogramCalibrator(quantizer.NumBits) : new MaxCalibrator(quantizer.Axis);
                _before.Add((quantizer, quantizer.Calibrator, quantizer.IsQuantizing, quantizer.IsCalibrating));
                _quantizers.Add((name, quantizer, calibrator));
            }
        }

        if (_quantizers.Count == 0)
        {
            throw new InvalidOperationException(
                $"{model.GetName()} has no quantizer to calibrate. Calibrate the generated sibling of a model with [Quantize], not the model itself.");
        }

        foreach ((_, TensorQuantizer quantizer, ICalibrator calibrator) in _quantizers)
        {
            (quantizer.Calibrator, quantizer.IsQuantizing, quantizer.IsCalibrating) = (calibrator, false, true);
        }

        _model = model;
        _modes = [(model, model.training), .. model.modules().Select(module => (module, module.training))];
        model.eval();
    }

    public IReadOnlyList<(string Name, TensorQuantizer Quantizer, ICalibrator Calibrator)> Quantizers => _quantizers;

    public void Feed(Tensor batch, int number)
    {
        try
        {
            _model.call(batch);
        }
        catch (CollectionException e)
        {
            string name = _quantizers.Find(entry => entry.Quantizer == e.Quantizer).Name;
            throw new InvalidOperationException($"Calibration stopped at batch {number}, quantizer '{name}': {e.Message}", e);
        }
    }

    public void Dispose()
    {
        foreach ((TensorQuantizer quantizer, ICalibrator calibrator, bool quantizing, bool calibrating) in _before)
        {
            (quantizer.Calibrator, quantizer.IsQuantizing, quantizer.IsCalibrating) = (calibrator, quantizing, calibrating);
        }

        // A parent's mode reaches its children, so that they come after it.
        foreach ((Module module, bool training) in _modes)
        {
            module.train(training);
        }
    }
}
