using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Quantizers;

/// <summary>Ranges that learn from rounding, as <c>learned</c> in a specification means.</summary>
public sealed class LearnedStepTests
{
    public static TheoryData<int, bool, bool> Formats => new()
    {
        { 8, false, false }, { 8, true, false }, { 8, false, true }, { 4, false, false }, { 4, true, false }, { 2, false, false },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public void Learning_starts_with_the_very_values_of_the_fixed_range(int bits, bool isUnsigned, bool isNarrow)
    {
        using var scope = NewDisposeScope();
        QuantDescriptor descriptor = new() { NumBits = bits, DetectUnsigned = isUnsigned, NarrowRange = isNarrow };
        using TensorQuantizer fixedRange = new(descriptor), learned = new(descriptor with { LearnAmax = true, LearnStep = true });
        Tensor data = isUnsigned ? rand(5000) * 3 : randn(5000);
        CalibrationState state = Calibration.Collect(fixedRange, [data]);
        state.Apply(fixedRange, CalibrationMethod.Mse);
        state.Apply(learned, CalibrationMethod.Mse);

        // Beyond the range too, where the lowest integer lies.
        Tensor input = data * 2;

        Assert.Equal(fixedRange.call(input).data<float>().ToArray(), learned.call(input).data<float>().ToArray());
        Assert.Equal(fixedRange.call(input).data<float>().ToArray(), learned.call(input.clone().requires_grad_()).data<float>().ToArray());
        using var noGrad = no_grad();
        Assert.Equal(fixedRange.call(input).data<float>().ToArray(), learned.call(input).data<float>().ToArray());
    }

    [Fact]
    public void Calibration_sees_what_passes_and_not_what_the_first_bounds_leave()
    {
        using var scope = NewDisposeScope();
        using QuantLinear linear = new(4, 2, input: new() { LearnAmax = true, LearnStep = true }, weight: new() { LearnAmax = true });

        CalibrationReport report = Calibration.Run(linear, [tensor([0.5f, -3f, 1f, 20f]).reshape(1, 4)], CalibrationMethod.Max);

        Assert.Equal(20f, report.Quantizers.Single(row => row.Name == "_input_quantizer").Amax);
        Assert.Equal(linear.weight.abs().max().item<float>(), linear.WeightQuantizer.Amax!.item<float>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_kernel_and_torch_operations_give_the_same_values_and_gradients(bool isUnsigned)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        QuantDescriptor descriptor = new() { NumBits = 4, Unsigned = isUnsigned, DetectUnsigned = isUnsigned, LearnAmax = true, LearnStep = true, Amax = 1.5f };
        using TensorQuantizer fused = new(descriptor), composed = new(descriptor);
        Tensor data = randn(40, 33), contiguous = data.clone().requires_grad_(), strided = data.t().contiguous().t().detach().requires_grad_();
        Tensor weight = randn(40, 33);

        (fused.call(contiguous) * weight).sum().backward();
        (composed.call(strided) * weight).sum().backward();

        Assert.True(fused.call(contiguous).equal(composed.call(strided)).all().item<bool>());
        Assert.True(contiguous.grad!.equal(strided.grad!).all().item<bool>());
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in fused.named_parameters())
        {
            Assert.Equal(parameter.grad!.item<float>(), composed.get_parameter(name)!.grad!.item<float>(), 1e-4f);
        }
    }

    // The straight-through estimator holds the integers still: y = A/h · round(h x / A), so that ∂y/∂A = (y - x) / A where x passes.
    [Fact]
    public void The_gradient_of_a_bound_is_the_rounding_error_and_what_it_clips()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(new() { NumBits = 4, LearnAmax = true, LearnStep = true, Amax = 7f });
        Tensor input = tensor([0.25f, 2.5f, -3.3f, 9f, -20f]).requires_grad_();

        quantizer.call(input).sum().backward();

        // Errors -0.25, -0.5 (half to even) and 0.3 in units of 7 at both ends of the grid, 7 and -8, and 1 for the value beyond each. Scaled by 7^1.5 / √5.
        double scale = Math.Pow(7, 1.5) / Math.Sqrt(5);
        Assert.Equal([1f, 1f, 1f, 0f, 0f], input.grad!.data<float>().ToArray());
        Assert.Equal((((-0.25 - 0.5 + 0.3) / 7) + 1) * scale, quantizer.Clip!.clip_value_max.grad!.item<float>(), 1e-4);
        Assert.Equal((((-0.25 - 0.5 + 0.3) / -8) + 1) * scale, quantizer.Clip!.clip_value_min.grad!.item<float>(), 1e-4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_range_that_is_far_too_large_shrinks_until_the_error_is_small(bool isPositive)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        using TensorQuantizer quantizer = new(new() { NumBits = 4, LearnAmax = true, LearnStep = true, Amax = 30f, DetectUnsigned = isPositive });
        Tensor data = isPositive ? randn(4000).abs() : randn(4000);
        using var optimizer = optim.Adam(quantizer.parameters(), 0.1);
        for (int step = 0; step < 500; step++)
        {
            using var inner = NewDisposeScope();
            optimizer.zero_grad();
            (quantizer.call(data) - data).square().mean().backward();
            optimizer.step();
        }

        // The best range of a normal distribution in 4 bits lies near 2.7 standard deviations.
        Assert.InRange(quantizer.StepSize!.item<float>() * 7, 2.2f, 3.3f);
    }

    [Fact]
    public void Bounds_move_by_what_the_optimizer_does_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(new() { NumBits = 4, LearnAmax = true, LearnStep = true, Amax = 1f });
        quantizer.DisableClip();
        Tensor input = randn(10).requires_grad_();

        quantizer.call(input).sum().backward();

        Assert.Null(quantizer.Clip!.clip_value_max.grad);
        Assert.NotNull(input.grad);
    }
}
