using static TorchSharp.torch;

namespace QuantGen.Tests.Quantizers;

/// <summary>Several threads may call one quantizer at the same time, also while it collects.</summary>
public sealed class ThreadingTests
{
    private const int Threads = 4, Calls = 200;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_several_threads_bring_is_collected_whole(bool perChannel)
    {
        using TensorQuantizer quantizer = new(
            perChannel ? new() { Axis = 0 } : new() { CalibrationMethod = CalibrationMethod.Entropy }, quantize: false, calibrate: true);

        Parallel.For(0, Threads * Calls, call =>
        {
            using var scope = NewDisposeScope();
            quantizer.call(full(8, call + 1f));
        });

        using Tensor amax = quantizer.Calibrator.ComputeAmax(CalibrationMethod.Max)!;
        Assert.Equal(Threads * Calls, amax.max().item<float>());
        if (quantizer.Calibrator is HistogramCalibrator histogram)
        {
            Assert.Equal(8 * Threads * Calls, histogram.Histogram.Total);
            Assert.Equal(Threads * Calls, histogram.BatchAmax.Count);
        }
    }

    [Fact]
    public void Integers_and_learned_ranges_can_be_computed_in_several_threads()
    {
        using TensorQuantizer integers = new(new() { FakeQuant = false, Amax = 127f }), learned = new(new() { LearnAmax = true, LearnStep = true, Amax = 127f });

        Parallel.For(0, Threads * Calls, call =>
        {
            using var scope = NewDisposeScope();
            float value = call % 100;
            Assert.Equal(value, integers.call(full(8, value))[7].item<float>());
            Assert.Equal(value, learned.call(full(8, value))[7].item<float>());
        });

        Assert.Equal(1f, integers.Scale!.item<float>());
    }
}
