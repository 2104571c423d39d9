using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Checkpoints;

/// <summary>Ranges between quantizers of different kinds: fixed and learned, calibrated and not, alone and in models.</summary>
public sealed class RangeTransferTests
{
    private static readonly QuantDescriptor s_learned = new() { LearnAmax = true, LearnStep = true };

    [Fact]
    public void A_fixed_range_is_where_a_learned_one_starts()
    {
        using var scope = NewDisposeScope();
        using QuantLinear calibrated = new(4, 2), copied = new(4, 2, input: s_learned), loaded = new(4, 2, input: s_learned);
        Calibration.Run(calibrated, [randn(8, 4) * 5], CalibrationMethod.Max);

        copied.LoadWeights(calibrated);
        loaded.load_state_dict(calibrated.state_dict(), strict: false);

        float amax = calibrated.InputQuantizer.Amax!.item<float>();
        Assert.Equal(amax, copied.InputQuantizer.Clip!.clip_value_max.item<float>());
        Assert.Equal(amax, loaded.InputQuantizer.Clip!.clip_value_max.item<float>());
    }

    [Fact]
    public void What_was_learned_is_the_range_of_a_fixed_one()
    {
        using var scope = NewDisposeScope();
        using QuantLinear learned = new(4, 2, input: s_learned), fixedRange = new(4, 2);
        Calibration.Run(learned, [randn(8, 4) * 5], CalibrationMethod.Max);
        using (no_grad())
        {
            learned.InputQuantizer.Clip!.clip_value_max.fill_(2f);
            learned.InputQuantizer.Clip!.clip_value_min.fill_(-1f);
        }

        fixedRange.LoadWeights(learned);

        Assert.Equal(2f, fixedRange.InputQuantizer.Amax!.item<float>());
    }

    [Fact]
    public void A_learned_range_that_nothing_has_set_counts_as_none()
    {
        using var scope = NewDisposeScope();
        using QuantLinear learned = new(4, 2, input: s_learned), calibrated = new(4, 2, input: s_learned);

        Assert.False(learned.InputQuantizer.HasRange);
        Assert.Equal(["_input_quantizer", "_weight_quantizer"], learned.LoadState(learned.state_dict()).WithoutRange.Order());
        Calibration.Run(calibrated, [randn(8, 4)], CalibrationMethod.Max);
        Assert.True(calibrated.InputQuantizer.HasRange);
    }

    [Fact]
    public void A_quantizer_by_itself_comes_back_too()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer calibrated = new(new() { DetectUnsigned = true }), restored = new(new() { DetectUnsigned = true });
        Calibration.Run(calibrated, [rand(10)], CalibrationMethod.Max);

        restored.LoadState(calibrated.state_dict());

        Assert.True(restored.Unsigned);
        Assert.Equal(calibrated.Amax!.item<float>(), restored.Amax!.item<float>());
    }

    [Theory]
    [InlineData("_input_quantizer._pre_quant_scale")]
    [InlineData("_input_quantizer.clip.clip_value_max")]
    public void Everything_of_a_quantizer_is_looked_at_before_anything_is_copied(string key)
    {
        using var scope = NewDisposeScope();
        using QuantLinear source = new(4, 2, input: s_learned), target = new(4, 2, input: s_learned);
        Dictionary<string, Tensor> state = source.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        state[key] = tensor(float.NaN);
        Tensor before = target.weight.detach().clone();

        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => target.LoadState(state)).Message, StringComparison.Ordinal);

        Assert.True(before.equal(target.weight).all().item<bool>());
    }

    [Fact]
    public void Statistics_that_one_quantizer_cannot_take_change_none()
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.Sequential wide = Layers(), half = Layers();
        CalibrationState state = Calibration.Collect(wide, [ones(1, 4) * 1e4f]);
        half.to(ScalarType.Float16);

        ArgumentException error = Assert.Throws<ArgumentException>(() => state.Apply(half, CalibrationMethod.Max));

        Assert.Contains("Quantizer '1._input_quantizer'", error.Message, StringComparison.Ordinal);
        Assert.All(half.modules().OfType<TensorQuantizer>(), quantizer => Assert.Null(quantizer.Amax));

        static TorchSharp.Modules.Sequential Layers()
        {
            QuantLinear first = new(4, 4), second = new(4, 2);
            using var noGrad = no_grad();
            first.weight.fill_(100f);
            return nn.Sequential(first, second);
        }
    }

    [Fact]
    public void A_factor_of_amax_does_not_go_with_learning_from_rounding_or_below_zero()
    {
        Assert.Throws<ArgumentException>(() => new TensorQuantizer(s_learned with { ScaleAmax = 0.5 }));
        Assert.Throws<ArgumentException>(() => new TensorQuantizer(new() { ScaleAmax = -1 }));
    }

    [Fact]
    public void Weights_are_searched_as_their_quantizer_sees_them()
    {
        using var scope = NewDisposeScope();
        using QuantLinear scaled = new(4, 2), learned = new(4, 2, weight: new() { LearnAmax = true });
        scaled.WeightQuantizer.PreQuantScale = tensor(4f);

        Calibration.CalibrateWeights(scaled, CalibrationMethod.Max, perChannel: false);
        Calibration.CalibrateWeights(learned, CalibrationMethod.Max);

        Assert.Equal(4 * scaled.weight.abs().max().item<float>(), scaled.WeightQuantizer.Amax!.item<float>(), 1e-6f);
        Assert.Equal(1, learned.WeightQuantizer.Amax!.numel());
    }

    [Fact]
    public void A_collected_state_stays_as_it_is_when_a_calibrator_collects_anew()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new() { Calibrator = new MaxCalibrator() };
        CalibrationState first = Calibration.Collect(quantizer, [ones(3) * 2]);
        Calibration.Collect(quantizer, [ones(3) * 7]);

        first.Apply(quantizer, CalibrationMethod.Max);

        Assert.Equal(2f, quantizer.Amax!.item<float>());
    }
}
