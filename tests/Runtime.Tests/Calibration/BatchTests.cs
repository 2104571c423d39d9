using QuantGen.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Calibrating;

/// <summary>What counts as a batch, and what is collected of it.</summary>
public sealed class BatchTests
{
    [Fact]
    public void A_moving_average_is_over_batches_though_a_quantizer_is_called_twice_in_each()
    {
        using var scope = NewDisposeScope();
        using TwoCalls model = new();
        Tensor[] batches = [.. Enumerable.Range(1, 20).Select(i => full(3, (float)i))];
        double average = 10;
        for (int i = 2; i <= 20; i++)
        {
            average += 0.1 * ((10 * i) - average);
        }

        CalibrationReport report = Calibration.Run(model, batches, CalibrationMethod.MovingAverageMax(0.1));

        Assert.Equal(average, report.Quantizers.Single().Amax, 1e-4);
    }

    [Fact]
    public void A_tensor_without_elements_is_no_batch()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(), channels = new(new() { Axis = 0 });
        Tensor two = ones(3) * 2;

        CalibrationReport report = Calibration.Run(quantizer, [zeros(0), two, two], CalibrationMethod.MovingAverageMax(0.01));
        CalibrationReport none = Calibration.Run(channels, [zeros(0)], CalibrationMethod.Max);

        Assert.Equal(2f, report.Quantizers.Single().Amax);
        Assert.Equal([""], none.NeverReached);
        Assert.Contains("have no elements", none.Unreached.Single().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Tracked_maxima_are_those_of_batches()
    {
        using var scope = NewDisposeScope();
        using MaxCalibrator calibrator = new(0, trackAmax: true);
        calibrator.BeginBatch();
        calibrator.Collect(tensor([1f, -2f], [2, 1]));
        calibrator.Collect(tensor([-5f, 0f], [2, 1]));
        calibrator.EndBatch(keep: true);
        calibrator.BeginBatch();
        calibrator.Collect(tensor([50f, 50f], [2, 1]));
        calibrator.EndBatch(keep: false);

        Assert.Equal([5f, 2f], Assert.Single(calibrator.BatchAmax).data<float>().ToArray());
        Assert.Equal([5f, 2f], calibrator.ComputeAmax(CalibrationMethod.Max)!.data<float>().ToArray());
    }

    [Fact]
    public void A_calibrator_of_ones_own_is_used()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        Constant own = new();
        TensorQuantizer quantizer = (TensorQuantizer)net.named_modules().Single(entry => entry.name == "conv._input_quantizer").module;
        quantizer.Calibrator = own;

        CalibrationState state = Calibration.Collect(net, SmallNet.Batches(3));
        CalibrationReport report = state.Apply(net, CalibrationMethod.Entropy);

        Assert.Equal(3, own.Inputs);
        Assert.Same(own, quantizer.Calibrator);
        Assert.Equal(0.25f, quantizer.Amax!.item<float>());
        Assert.Equal(0.25f, report.Quantizers.First(row => row.Name == "conv._input_quantizer").Amax);
        Assert.Contains("conv._input_quantizer", Assert.Throws<InvalidOperationException>(() => state.ToBytes()).Message, StringComparison.Ordinal);
        Assert.Contains("conv._input_quantizer", Assert.Throws<ArgumentException>(() => CalibrationState.Merge(state, state)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_collected_outlives_the_model()
    {
        using var scope = NewDisposeScope();
        SmallNet net = new();
        using SmallNet other = new();
        CalibrationState state = Calibration.Collect(net, SmallNet.Batches());
        state.Apply(net, CalibrationMethod.Max);
        string ranges = CalibrationRunTests.Ranges(net);
        net.Dispose();

        CalibrationState.FromBytes(state.ToBytes()).Apply(other, CalibrationMethod.Max);

        Assert.Equal(ranges, CalibrationRunTests.Ranges(other));
    }

    [Fact]
    public void Ranges_found_from_weights_stay_when_statistics_are_applied()
    {
        using var scope = NewDisposeScope();
        using SmallNet net = new();
        CalibrationState state = Calibration.Collect(net, SmallNet.Batches());
        Calibration.CalibrateWeights(net, CalibrationMethod.Percentile(80));
        float[] weights = [.. net.get_buffer("conv._weight_quantizer._amax")!.data<float>()];

        CalibrationReport report = state.Apply(net, CalibrationMethod.Max);

        Assert.Equal(weights, net.get_buffer("conv._weight_quantizer._amax")!.data<float>().ToArray());
        Assert.Equal(["conv._weight_quantizer", "fc._weight_quantizer"], report.KeptWeights.Order());
        Assert.Contains("keeps the range", report.ToString(), StringComparison.Ordinal);
        net.Quantizers.First(entry => entry.Axis is not null).ResetAmax();
        Assert.Single(state.Apply(net, CalibrationMethod.Max).KeptWeights);
    }

    [Fact]
    public void A_weight_that_depends_on_the_input_is_collected_in_every_batch()
    {
        using var scope = NewDisposeScope();
        using Modulated model = new();

        CalibrationReport report = Calibration.Run(model, [ones(1, 2), ones(1, 2) * 7], CalibrationMethod.Max);

        QuantizerCalibration weight = report.Quantizers.Single(row => row.Name == "_weight_quantizer");
        Assert.Equal(7 * model.weight.abs().max().item<float>(), weight.Amax, 1e-5f);
        Assert.Equal(2, weight.Batches);
    }

    [Fact]
    public void The_report_says_why_quantizers_were_not_reached()
    {
        using var scope = NewDisposeScope();
        using Optional model = new();

        CalibrationReport report = Calibration.Run(model, [randn(2, 4)], CalibrationMethod.Max);

        UnreachedGroup head = report.Unreached.Single(group => group.Module == "aux"), shortcut = report.Unreached.Single(group => group.Module == "");
        Assert.Equal(["aux._input_quantizer", "aux._weight_quantizer"], head.Quantizers.Order());
        Assert.Equal("No quantized layer of module 'aux' was called: a branch that was not taken, or a part that only training uses.", head.Reason);
        Assert.Equal(["residual_quantizer"], shortcut.Quantizers);
        Assert.Contains("a branch that was not taken", shortcut.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_factor_counts_in_the_report()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(new() { ScaleAmax = 0.5 });

        QuantizerCalibration row = Calibration.Run(quantizer, [linspace(-1, 1, 1001)], CalibrationMethod.Max).Quantizers.Single();

        Assert.Equal(1f, row.Amax);
        Assert.InRange(row.Applied.Clipped, 0.49, 0.51);
    }

    private sealed class TwoCalls : Module<Tensor, Tensor>
    {
        private readonly TensorQuantizer quantizer = new();

        public TwoCalls()
            : base(nameof(TwoCalls))
            => RegisterComponents();

        public override Tensor forward(Tensor input) => quantizer.call(input) + quantizer.call(input * 10);
    }

    private sealed class Optional : Module<Tensor, Tensor>
    {
        private readonly QuantLinear fc = new(4, 4), aux = new(4, 4);
        private readonly TensorQuantizer residual_quantizer = new();

        public Optional()
            : base(nameof(Optional))
            => RegisterComponents();

        public override Tensor forward(Tensor input) => training ? fc.call(input) + residual_quantizer.call(aux.call(input)) : fc.call(input);
    }

    private sealed class Modulated() : QuantInputWeightModule(nameof(Modulated), new TorchSharp.Modules.Parameter(randn(3, 2)), null, null, new())
    {
        // StyleGAN 2's modulation: the weight is scaled by the style of each sample before it is quantized.
        public override Tensor forward(Tensor input)
            => functional.linear(InputQuantizer.call(input), WeightQuantizer.call(weight * input.max()));
    }

    private sealed class Constant : ICalibrator
    {
        public int Inputs { get; private set; }

        public bool HasData => Inputs > 0;

        public double Minimum => -1;

        public double Maximum => 1;

        public void Collect(Tensor input) => Inputs++;

        public Tensor? ComputeAmax(CalibrationMethod method) => tensor(0.25f);

        public void Reset() => Inputs = 0;
    }
}
