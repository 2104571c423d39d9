using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

public sealed class CalibrationRunTests
{
    private static readonly CalibrationMethod[] s_methods =
        [CalibrationMethod.Max, CalibrationMethod.Entropy, CalibrationMethod.Mse, CalibrationMethod.Percentile(99), CalibrationMethod.Sqnr, CalibrationMethod.MovingAverageMax()];

    [Fact]
    public void One_call_gives_every_quantizer_its_range()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        Progress progress = new();

        CalibrationReport report = Calibration.Run(net, SmallNet.Batches(), CalibrationMethod.Entropy, progress);

        Assert.Equal(["conv._input_quantizer", "conv._weight_quantizer", "fc._input_quantizer", "fc._weight_quantizer"], report.Quantizers.Select(row => row.Name).Order());
        Assert.Equal(["unused"], report.NeverReached);
        Assert.Equal([("unused", CalibrationWarning.NeverReached)], report.Warnings);
        Assert.Equal([1, 2, 3, 4], progress.Batches);
        Assert.All(report.Quantizers, row => Assert.Equal(4, row.Batches));
        Assert.All(net.Quantizers, quantizer => Assert.True(quantizer is { IsQuantizing: true, IsCalibrating: false }));
        Assert.Equal(4, net.Quantizers.Count(quantizer => quantizer.Amax is not null));
    }

    [Fact]
    public void The_report_compares_methods_of_one_collection()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();

        CalibrationReport report = Calibration.Run(net, SmallNet.Batches(), new CalibrationOptions { Method = CalibrationMethod.Max, Compare = s_methods });
        QuantizerCalibration row = report.Quantizers.Single(row => row.Name == "fc._input_quantizer");

        Assert.Equal(s_methods, row.Compared.Select(outcome => outcome.Method));
        Assert.True(row.Unsigned);
        Assert.Equal(row.Applied, row.Compared[0]);
        Assert.Equal(0, row.Applied.Clipped);
        MethodOutcome percentile = row.Compared[3], best = row.Compared[4];
        Assert.InRange(percentile.Clipped, 0.005, 0.015);
        Assert.InRange(percentile.Amax, 0, row.Amax);
        Assert.InRange(best.Sqnr!.Value, 30, 60);
        Assert.All(row.Compared, outcome => Assert.True(outcome.Sqnr <= best.Sqnr + 1e-9));
        MethodOutcome weight = Assert.Single(report.Quantizers.Single(entry => entry.Name == "fc._weight_quantizer").Compared);
        Assert.Equal((CalibrationMethod.Max, null), (weight.Method, weight.Sqnr));
    }

    [Fact]
    public void Explicit_states_give_the_same_ranges_as_one_call()
    {
        using var scope = NewDisposeScope();
        QuantDescriptor histogram = new() { CalibrationMethod = CalibrationMethod.Entropy };
        using SmallNet net = new(histogram), other = new(histogram);
        Tensor[] batches = SmallNet.Batches();
        Calibration.Run(net, batches, CalibrationMethod.Mse);

        using (no_grad())
        {
            other.eval();
            foreach (TensorQuantizer quantizer in other.Quantizers)
            {
                (quantizer.IsQuantizing, quantizer.IsCalibrating) = (false, true);
            }

            Array.ForEach(batches, batch => other.call(batch));
            foreach (TensorQuantizer quantizer in other.Quantizers.Where(quantizer => quantizer.Calibrator.HasData))
            {
                quantizer.LoadCalibratedAmax(quantizer.Axis is null ? CalibrationMethod.Mse : CalibrationMethod.Max);
                (quantizer.IsQuantizing, quantizer.IsCalibrating) = (true, false);
            }
        }

        Assert.Equal(Ranges(net), Ranges(other));
    }

    [Fact]
    public void NaN_names_quantizer_and_batch_and_keeps_what_came_before()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new(), shorter = new();
        Tensor[] batches = SmallNet.Batches();
        batches[2] = full_like(batches[2], float.NaN);

        CalibrationException stop = Assert.Throws<CalibrationException>(() => Calibration.Run(net, batches, CalibrationMethod.Max));
        Assert.Equal(("conv._input_quantizer", 3), (stop.Quantizer, stop.Batch));
        Assert.StartsWith("Calibration stopped at batch 3, quantizer 'conv._input_quantizer': The input holds NaN or infinity.", stop.Message, StringComparison.Ordinal);
        Assert.All(net.Quantizers, quantizer => Assert.Null(quantizer.Amax));

        CalibrationReport report = stop.Statistics.Apply(net, CalibrationMethod.Max);
        Calibration.Run(shorter, batches[..2], CalibrationMethod.Max);
        Assert.Equal(2, report.Batches);
        Assert.Equal(Ranges(shorter), Ranges(net));
        Assert.Contains(("conv._input_quantizer", CalibrationWarning.NotFinite), report.Warnings);
    }

    [Fact]
    public void Infinity_in_the_middle_of_the_model_leaves_no_trace_of_its_batch()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new(), shorter = new();
        Tensor[] batches = SmallNet.Batches();
        batches[1] = full_like(batches[1], 3e38f);

        // The input is finite, and the convolution of it is not.
        using (no_grad())
        {
            net.get_parameter("conv.weight")!.mul_(100);
            shorter.get_parameter("conv.weight")!.mul_(100);
        }

        CalibrationException stop = Assert.Throws<CalibrationException>(() => Calibration.Run(net, batches));
        Assert.Equal(("fc._input_quantizer", 2), (stop.Quantizer, stop.Batch));

        stop.Statistics.Apply(net);
        Calibration.Run(shorter, batches[..1]);
        Assert.Equal(Ranges(shorter), Ranges(net));
    }

    [Fact]
    public void A_model_is_as_it_was_after_a_failure_or_when_cancelled()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        Calibration.Run(net, SmallNet.Batches(2), CalibrationMethod.Max);
        net.train();
        ICalibrator[] calibrators = [.. net.Quantizers.Select(quantizer => quantizer.Calibrator)];
        string ranges = Ranges(net);
        using CancellationTokenSource cancel = new();
        Progress progress = new(() => cancel.Cancel());

        Assert.Throws<OperationCanceledException>(() => Calibration.Run(net, SmallNet.Batches(), CalibrationMethod.Mse, progress, cancel.Token));
        Assert.ThrowsAny<Exception>(() => Calibration.Run(net, [zeros(5, 2, 4, 4)], CalibrationMethod.Mse));
        Assert.Throws<InvalidOperationException>(() => Calibration.Run(net, [], CalibrationMethod.Mse));

        Assert.Equal(ranges, Ranges(net));
        Assert.Equal(calibrators, net.Quantizers.Select(quantizer => quantizer.Calibrator));
        Assert.All(net.Quantizers, quantizer => Assert.True(quantizer is { IsQuantizing: true, IsCalibrating: false }));
        Assert.True(net.training);
    }

    [Fact]
    public void A_method_that_one_quantizer_cannot_answer_changes_none()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new(new() { NumBits = NumBits.E4M3 });

        ArgumentException error = Assert.Throws<ArgumentException>(() => Calibration.Run(net, SmallNet.Batches(), CalibrationMethod.Entropy));

        Assert.Contains("conv._input_quantizer", error.Message, StringComparison.Ordinal);
        Assert.All(net.Quantizers, quantizer => Assert.Null(quantizer.Amax));
    }

    [Fact]
    public void Constant_and_zero_inputs_are_reported()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new(), other = new();

        Assert.Contains(("conv._input_quantizer", CalibrationWarning.Constant), Calibration.Run(net, [ones(1, 1, 4, 4)], CalibrationMethod.Mse).Warnings);
        Assert.Contains(("conv._input_quantizer", CalibrationWarning.Zero), Calibration.Run(other, [zeros(1, 1, 4, 4)], CalibrationMethod.Mse).Warnings);
        Assert.Equal(1f, net.get_buffer("conv._input_quantizer._amax")!.item<float>(), 1e-3f);
        Assert.Equal(0f, other.get_buffer("conv._input_quantizer._amax")!.item<float>());
    }

    [Fact]
    public void Any_way_to_call_a_model_can_be_given()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        List<(Tensor Image, int Label)> samples = [.. SmallNet.Batches(2).Select(batch => (batch, 7))];

        CalibrationReport report = Calibration.Run(net, samples, sample => net.call(sample.Image), CalibrationMethod.Sqnr);

        Assert.Equal((2, 4), (report.Batches, report.Quantizers.Count));
    }

    internal static string Ranges(SmallNet net) => string.Join("; ", net.Quantizers.Select(quantizer =>
        quantizer.Amax is null ? "none" : $"{quantizer.Unsigned} {string.Join(", ", quantizer.Amax.flatten().data<float>().ToArray().Select(value => value.ToString("R")))}"));

    private sealed class Progress(Action? afterOne = null) : IProgress<CalibrationProgress>
    {
        public List<int> Batches { get; } = [];

        public void Report(CalibrationProgress value)
        {
            Batches.Add(value.Batches);
            afterOne?.Invoke();
        }
    }
}
