using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace QuantGen.Benchmarks.Calibrating;

/// <summary>Collecting a histogram, against the cheapest statistic there is and against torch's own histogram.</summary>
public class CollectingBenchmarks
{
    private readonly Tensor _values;
    private readonly Tensor _absolute;
    private readonly Histogram _histogram = new();
    private readonly double _largest;

    public CollectingBenchmarks()
    {
        random.manual_seed(1);
        _values = randn(Elements).DetachFromDisposeScope();
        _absolute = _values.abs().DetachFromDisposeScope();
        _histogram.Add(_values);
        _largest = _histogram.Largest;
    }

    /// <summary>The number of values: 4M.</summary>
    public static long Elements => 4L << 20;

    [Benchmark(Baseline = true)]
    public float AbsMax()
    {
        using var scope = NewDisposeScope();
        return _values.abs().max().item<float>();
    }

    [Benchmark]
    public double Collect() => _histogram.Add(_values);

    [Benchmark]
    public double CollectFirst() => new Histogram().Add(_values);

    [Benchmark]
    public long TorchHistogram()
    {
        using var scope = NewDisposeScope();
        (Tensor counts, _) = histogram(_absolute, Histogram.DefaultBins, (0, _largest));
        return counts.numel();
    }
}
