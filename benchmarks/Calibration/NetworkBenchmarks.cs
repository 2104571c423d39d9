using BenchmarkDotNet.Attributes;
using QuantGen.Benchmarks.Models;
using static TorchSharp.torch;

namespace QuantGen.Benchmarks.Calibrating;

/// <summary>Calibrating a network of ResNet-18's shape on 8 batches of 8 x 3 x 224 x 224, with four methods from one collection.</summary>
public sealed class NetworkBenchmarks : IDisposable
{
    private readonly ResNet18 _net = new();
    private readonly Tensor[] _batches;

    public NetworkBenchmarks()
    {
        random.manual_seed(1);
        _net.eval();
        _batches = [.. Enumerable.Range(0, 8).Select(_ => randn(8, 3, 224, 224).DetachFromDisposeScope())];
        SetQuantizing(false);
    }

    [Benchmark(Baseline = true)]
    public void FloatForward()
    {
        using var noGrad = no_grad();
        foreach (Tensor batch in _batches)
        {
            _net.call(batch).Dispose();
        }
    }

    [Benchmark]
    public int CalibrateFourMethods()
    {
        CalibrationState statistics = Calibration.Collect(_net, _batches);
        int quantizers = 0;
        foreach (CalibrationMethod method in (CalibrationMethod[])[CalibrationMethod.Max, CalibrationMethod.Entropy, CalibrationMethod.Mse, CalibrationMethod.Percentile()])
        {
            quantizers += statistics.Apply(_net, method).Quantizers.Count;
        }

        return quantizers;
    }

    [GlobalCleanup]
    public void Dispose() => _net.Dispose();

    private void SetQuantizing(bool quantizing)
    {
        foreach (TensorQuantizer quantizer in _net.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsQuantizing = quantizing;
        }
    }
}
