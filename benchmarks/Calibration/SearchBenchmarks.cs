using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace QuantGen.Benchmarks.Calibrating;

/// <summary>The searches for amax on a dense histogram of 2,048 bins, and those for two ends on one of both signs.</summary>
public class SearchBenchmarks : IDisposable
{
    private readonly long[] _counts;
    private readonly double[] _edges;
    private readonly TensorQuantizer _affine = new(new() { Affine = true });
    private readonly CalibrationState _state;

    public SearchBenchmarks()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();

        // Scaled so that the largest value lies in the last bin and all bins are in use.
        Tensor values = randn(1L << 20);
        Histogram histogram = new();
        histogram.Add(values / values.abs().max() * 0.99999);
        (_counts, _edges) = (histogram.Counts.ToArray(), histogram.Edges.ToArray());
        _state = Calibration.Collect(_affine, [values * values.sigmoid()]);
    }

    /// <summary>The number of bins.</summary>
    public int Bins => _counts.Length;

    [Benchmark]
    public double Entropy() => AmaxSearch.Entropy(_counts, _edges);

    [Benchmark]
    public double EntropyUnsigned() => AmaxSearch.Entropy(_counts, _edges, unsigned: true);

    [Benchmark]
    public double Mse() => AmaxSearch.Mse(_counts, _edges);

    [Benchmark]
    public double MseE4M3() => AmaxSearch.Mse(_counts, _edges, NumBits.E4M3);

    [Benchmark]
    public double Sqnr() => AmaxSearch.Sqnr(_counts, _edges);

    public void Dispose()
    {
        _affine.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Both ends of an affine range by entropy, with the report.</summary>
    [Benchmark]
    public float EndsByEntropy() => _state.Apply(_affine, CalibrationMethod.Entropy).Quantizers[0].Amax;

    /// <summary>Both ends of an affine range by the squared error, with the report.</summary>
    [Benchmark]
    public float EndsByMse() => _state.Apply(_affine, CalibrationMethod.Mse).Quantizers[0].Amax;

    [Benchmark]
    public double Percentile() => AmaxSearch.Percentile(_counts, _edges, 99.99);
}
