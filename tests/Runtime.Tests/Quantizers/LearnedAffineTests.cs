using static TorchSharp.torch;

namespace QuantGen.Tests.Quantizers;

/// <summary>Affine ranges whose two ends learn (LSQ+).</summary>
public sealed class LearnedAffineTests
{
    private static QuantDescriptor Learned => new() { Affine = true, LearnAmax = true, LearnStep = true };

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(2)]
    public void Learning_starts_with_the_very_values_of_the_fixed_range(int bits)
    {
        using var scope = NewDisposeScope();
        QuantDescriptor descriptor = new() { NumBits = bits, Affine = true };
        using TensorQuantizer fixedRange = new(descriptor), learned = new(descriptor with { LearnAmax = true, LearnStep = true });
        Tensor data = torch_silu(randn(5000));
        CalibrationState state = Calibration.Collect(fixedRange, [data]);
        state.Apply(fixedRange, CalibrationMethod.Mse);
        state.Apply(learned, CalibrationMethod.Mse);
        Tensor input = data * 2;

        Assert.Equal(fixedRange.call(input).data<float>().ToArray(), learned.call(input).data<float>().ToArray());
        Assert.Equal(fixedRange.call(input).data<float>().ToArray(), learned.call(input.clone().requires_grad_()).data<float>().ToArray());

        static Tensor torch_silu(Tensor x) => x * x.sigmoid();
    }

    [Fact]
    public void Ends_take_the_rounding_error_and_what_they_clip()
    {
        using var scope = NewDisposeScope();

        // Two bits from -1 to 2: steps of 1. The scale of gradients is 3^1.5 / √4.
        using TensorQuantizer quantizer = new(Learned with { NumBits = 2, Amin = -1, Amax = 2f });
        Tensor input = tensor([-3f, -0.25f, 1.25f, 5f]).requires_grad_();
        quantizer.call(input).mul(tensor([1f, 10f, 100f, 1000f])).sum().backward();
        float scale = MathF.Pow(3, 1.5f) / 2;

        // y - x is 0.25 and -0.25; a third of it goes to the upper end, and minus a third to the lower one.
        Assert.Equal([0f, 10f, 100f, 0f], input.grad!.data<float>().ToArray());
        Assert.Equal(((0.25f / 3 * 10) - (0.25f / 3 * 100) + 1000) * scale, quantizer.Clip!.clip_value_max.grad!.item<float>(), 2e-3f);
        Assert.Equal((-(0.25f / 3 * 10) + (0.25f / 3 * 100) + 1) * scale, quantizer.Clip!.clip_value_min.grad!.item<float>(), 2e-3f);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(5);

        // What the ends change while no value changes its integer: y = k · (M - m) / levels, and beyond the grid the ends themselves.
        Tensor input = rand(200).mul(3).sub(0.7);
        using TensorQuantizer quantizer = new(Learned with { NumBits = 3, Amin = -0.5f, Amax = 1.75f });
        Tensor output = quantizer.call(input);
        output.mul(input).sum().backward();
        Tensor integers = output.detach().div(2.25 / 7).round(), inside = input.ge(-2 * 2.25 / 7).logical_and(input.le(5 * 2.25 / 7));
        double scale = Math.Pow(7, 1.5) / Math.Sqrt(200);

        // ∂y/∂M is (k - x / s) / levels inside, and 1 above.
        Tensor error = integers.sub(input.div(2.25 / 7)).div(7), above = input.gt(5 * 2.25 / 7), below = input.lt(-2 * 2.25 / 7);
        double upper = where(inside, error, above.to(ScalarType.Float32)).mul(input).sum().item<float>() * scale;
        double lower = where(inside, error.neg(), below.to(ScalarType.Float32)).mul(input).sum().item<float>() * scale;

        Assert.Equal(upper, quantizer.Clip!.clip_value_max.grad!.item<float>(), 0.01);
        Assert.Equal(lower, quantizer.Clip!.clip_value_min.grad!.item<float>(), 0.01);
    }

    [Fact]
    public void Without_LearnStep_ends_learn_from_what_they_clip_alone()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Learned with { LearnStep = false, NumBits = 2, Amin = -1, Amax = 2f });
        quantizer.call(tensor([-3f, -0.25f, 1.25f, 5f])).sum().backward();

        Assert.Equal((1f, 1f), (quantizer.Clip!.clip_value_min.grad!.item<float>(), quantizer.Clip!.clip_value_max.grad!.item<float>()));
    }

    [Fact]
    public void An_end_at_zero_stays_there_while_no_value_is_negative()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Learned with { NumBits = 4 });
        Tensor data = rand(500);
        Calibration.Run(quantizer, [data], CalibrationMethod.Max);
        optim.Optimizer adam = optim.Adam(quantizer.parameters(), 0.01);
        for (int step = 0; step < 20; step++)
        {
            adam.zero_grad();
            quantizer.call(data).sub(data).square().sum().backward();
            adam.step();
        }

        Assert.Equal(0, quantizer.Clip!.clip_value_min.item<float>());
        Assert.NotEqual(data.max().item<float>(), quantizer.Clip!.clip_value_max.item<float>());
    }

    [Fact]
    public void An_end_beyond_zero_comes_back()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Learned with { NumBits = 4 });
        using (no_grad())
        {
            quantizer.Clip!.clip_value_min.fill_(0.2f);
        }

        Tensor data = tensor([-0.6f, -0.5f, -0.4f, 0.3f, 0.9f]);
        optim.Optimizer sgd = optim.SGD(quantizer.parameters(), 0.002);
        for (int step = 0; step < 200; step++)
        {
            sgd.zero_grad();
            quantizer.call(data).sub(data).square().sum().backward();
            sgd.step();
        }

        Assert.InRange(quantizer.Clip!.clip_value_min.item<float>(), -0.8f, -0.4f);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_kernel_and_torch_operations_give_the_same_values_and_gradients(bool learnsStep)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(4);
        QuantDescriptor descriptor = Learned with { LearnStep = learnsStep, NumBits = 4, Amin = -0.5f, Amax = 1.5f };
        using TensorQuantizer fused = new(descriptor), composed = new(descriptor);
        Tensor data = randn(40, 33), contiguous = data.clone().requires_grad_(), strided = data.t().contiguous().t().detach().requires_grad_();
        Tensor weight = randn(40, 33);

        (fused.call(contiguous) * weight).sum().backward();
        (composed.call(strided) * weight).sum().backward();

        Assert.Equal(fused.call(data).data<float>().ToArray(), composed.call(data.t().contiguous().t()).contiguous().data<float>().ToArray());
        Assert.Equal(contiguous.grad!.data<float>().ToArray(), strided.grad!.contiguous().data<float>().ToArray());
        Assert.Equal(fused.Clip!.clip_value_max.grad!.item<float>(), composed.Clip!.clip_value_max.grad!.item<float>(), 1e-3f);
        Assert.Equal(fused.Clip!.clip_value_min.grad!.item<float>(), composed.Clip!.clip_value_min.grad!.item<float>(), 1e-3f);
    }
}
