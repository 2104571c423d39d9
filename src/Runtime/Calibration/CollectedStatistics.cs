using static TorchSharp.torch;

namespace QuantGen;

/// <summary>What <see cref="Calibration.Collect"/> gathered: one collection, from which every method's ranges can be taken in turn.</summary>
public sealed class CollectedStatistics
{
    private readonly IReadOnlyList<(string Name, TensorQuantizer Quantizer, ICalibrator Calibrator)> _quantizers;

    internal CollectedStatistics(IReadOnlyList<(string Name, TensorQuantizer Quantizer, ICalibrator Calibrator)> quantizers, int batches)
    {
        _quantizers = quantizers;
        Batches = batches;
    }

    /// <summary>The number of batches seen.</summary>
    public int Batches { get; }

    /// <summary>Gives every quantizer the amax that a method finds. Quantizers with a range for each channel always take the maximum.</summary>
    /// <param name="method">The method; null for the one of each quantizer's descriptor.</param>
    public CalibrationReport Apply(CalibrationMethod? method = null)
    {
        List<QuantizerCalibration> done = [];
        List<string> neverReached = [];
        foreach ((string name, TensorQuantizer quantizer, ICalibrator calibrator) in _quantizers)
        {
            if (!calibrator.HasData)
            {
                neverReached.Add(name);
                continue;
            }

            quantizer.Calibrator = calibrator;
            quantizer.LoadCalibratedAmax(calibrator is MaxCalibrator ? CalibrationMethod.Max : method);
            using var scope = NewDisposeScope();
            done.Add(new(name, quantizer.Amax!.max().to(ScalarType.Float32).item<float>(), quantizer.Unsigned));
        }

        return new(method, Batches, done, neverReached);
    }
}
