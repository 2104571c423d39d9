using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Quantizers;

/// <summary>A range has the type and the mode of its model, is checked wherever it comes from, and changes without breaking what autograd has recorded.</summary>
public sealed class RangeBufferTests
{
    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_range_that_is_none_is_refused_and_the_old_one_stays(float amax)
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new() { Amax = tensor(2f) };

        Assert.Throws<ArgumentException>(() => quantizer.Amax = tensor(amax));
        Assert.Throws<ArgumentException>(() => new QuantDescriptor { Amax = amax });

        Assert.Equal(2f, quantizer.Amax!.item<float>());
    }

    [Fact]
    public void A_range_beyond_the_type_of_its_model_is_refused()
    {
        using var scope = NewDisposeScope();
        using QuantLinear linear = new(4, 2);
        linear.to(ScalarType.Float16);

        ArgumentException error = Assert.Throws<ArgumentException>(() => linear.InputQuantizer.Amax = tensor(1e5f));

        Assert.Contains("beyond Float16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_of_a_half_precision_file_are_float32_in_a_float32_model()
    {
        using var scope = NewDisposeScope();
        using QuantLinear half = new(4, 4), full = new(4, 4);
        Calibration.Run(half, [randn(8, 4)], CalibrationMethod.Max);
        half.to(ScalarType.Float16);

        full.LoadState(half.state_dict());
        Calibration.Run(full, [randn(8, 4) * 1e5f], CalibrationMethod.Max);

        Assert.Equal(ScalarType.Float32, full.InputQuantizer.Amax!.dtype);
        Assert.Equal(ScalarType.Float32, full.WeightQuantizer.Amax!.dtype);
        Assert.True(full.InputQuantizer.Amax!.item<float>() > 65504);
    }

    [Fact]
    public void Ranges_of_a_double_precision_model_are_its_type()
    {
        using var scope = NewDisposeScope();
        using QuantLinear linear = new(4, 2, dtype: ScalarType.Float64);

        Calibration.Run(linear, [randn([8, 4], dtype: ScalarType.Float64)], CalibrationMethod.Max);

        Assert.Equal(ScalarType.Float64, linear.InputQuantizer.Amax!.dtype);
        Assert.Equal(ScalarType.Float64, linear.WeightQuantizer.Amax!.dtype);
    }

    [Fact]
    public void What_is_calibrated_in_inference_mode_can_be_trained_and_calibrated_again()
    {
        using var scope = NewDisposeScope();
        using QuantLinear linear = new(4, 4), loaded = new(4, 4);
        Tensor input = randn(8, 4);
        using (inference_mode())
        {
            Calibration.Run(linear, [input], CalibrationMethod.Max);
            loaded.LoadState(linear.state_dict());
        }

        linear.call(input).sum().backward();
        loaded.call(input).sum().backward();
        Calibration.Run(linear, [input * 2], CalibrationMethod.Max);

        Assert.NotNull(linear.weight.grad);
        Assert.NotNull(loaded.weight.grad);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_range_changes_between_a_forward_pass_and_its_backward_pass(bool perChannel)
    {
        using var scope = NewDisposeScope();
        using QuantLinear linear = new(4, 4, weight: perChannel ? null : new());
        Tensor input = randn(2, 4).requires_grad_();
        linear.InputQuantizer.PreQuantScale = tensor(2f);

        Calibration.CalibrateWeights(linear, CalibrationMethod.Max, perChannel);
        Tensor first = linear.call(input).sum();
        Calibration.CalibrateWeights(linear, CalibrationMethod.Percentile(50), perChannel);
        linear.InputQuantizer.PreQuantScale = tensor(3f);
        (first + linear.call(input).sum()).backward();

        Assert.NotNull(input.grad);
    }

    [Fact]
    public void The_gradient_of_an_unsigned_range_is_zero_below_zero()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer found = new(new() { DetectUnsigned = true });
        Calibration.Run(found, [rand(100) * 2], CalibrationMethod.Max);
        Tensor input = tensor([-1.5f, -0.5f, 0f, 0.5f, 2.5f]).requires_grad_();

        found.call(input).sum().backward();

        Assert.Equal([0f, 0f, 1f, 1f, 0f], input.grad!.data<float>().ToArray());
    }

    [Fact]
    public void The_gradient_of_unsigned_channels_is_zero_below_zero_in_every_layout()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer channels = new(new() { Axis = 1, DetectUnsigned = true });
        Calibration.Run(channels, [rand(4, 3, 5)], CalibrationMethod.Max);
        Tensor values = randn(4, 3, 5), strided = values.transpose(0, 2).contiguous().transpose(0, 2);
        foreach (Tensor input in (Tensor[])[values.clone().requires_grad_(), strided.detach().requires_grad_()])
        {
            channels.call(input).sum().backward();

            Tensor inside = input.ge(0).logical_and(input.le(channels.Amax!));
            Assert.True(inside.to(ScalarType.Float32).equal(input.grad!).all().item<bool>());
        }
    }

    [Fact]
    public void The_step_size_is_that_of_the_grid_with_factors_and_learned_bounds()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer scaled = new(new() { ScaleAmax = 0.5, Amax = 2f }), learned = new(new() { LearnAmax = true, Amax = 2f });
        using (no_grad())
        {
            learned.Clip!.clip_value_max.fill_(1f);
            learned.Clip!.clip_value_min.fill_(-1f);
        }

        foreach (TensorQuantizer quantizer in (TensorQuantizer[])[scaled, learned])
        {
            Tensor grid = quantizer.call(linspace(0, 1, 3000));
            Assert.Equal(1f / 127, quantizer.StepSize!.item<float>(), 1e-7f);
            Assert.Equal(1f / 127, grid[grid > 0].min().item<float>(), 1e-7f);
        }
    }

    [Fact]
    public void Integers_pass_unchanged()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new() { IsCalibrating = true };
        Tensor sum = 0;

        Tensor passed = quantizer.call(sum);

        Assert.Equal(sum.dtype, passed.dtype);
        Assert.Equal(0, passed.to(ScalarType.Int64).item<long>());
        Assert.False(quantizer.Calibrator.HasData);
    }
}
