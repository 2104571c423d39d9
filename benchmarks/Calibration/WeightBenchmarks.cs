using BenchmarkDotNet.Attributes;
using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Benchmarks.Calibrating;

/// <summary>Ranges of the weights of one convolution, a small and a large one, for each channel by mean squared error.</summary>
public sealed class WeightBenchmarks : IDisposable
{
    private readonly QuantConv2d _small, _large;

    public WeightBenchmarks()
    {
        random.manual_seed(1);
        (_small, _large) = (new(16, 16, 3), new(512, 512, 3));
    }

    [Benchmark]
    public int MseOf16Channels() => Calibration.CalibrateWeights(_small, CalibrationMethod.Mse).Quantizers.Count;

    [Benchmark]
    public int MseOf512Channels() => Calibration.CalibrateWeights(_large, CalibrationMethod.Mse).Quantizers.Count;

    [GlobalCleanup]
    public void Dispose()
    {
        _small.Dispose();
        _large.Dispose();
    }
}
