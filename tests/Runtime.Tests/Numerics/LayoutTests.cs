using QuantGen.Tests.Golden;
using static TorchSharp.torch;

namespace QuantGen.Tests.Numerics;

/// <summary>Memory layout and element type do not change values: the fused kernel and the composed operations agree bit for bit.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData(8, false, true)]
    [InlineData(8, false, false)]
    [InlineData(4, false, false)]
    [InlineData(16, false, true)]
    [InlineData(2, false, true)]
    [InlineData(8, true, true)]
    [InlineData(5, true, false)]
    public void The_kernel_equals_composed_operations(int bits, bool isUnsigned, bool narrow)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(bits);
        Tensor input = isUnsigned ? rand(3, 5, 67) : randn(3, 5, 67);
        foreach (Tensor amax in new[] { tensor(0.7f), rand(1, 5, 1) + 0.1, rand(3, 1, 1) + 0.1, rand(1, 1, 67) + 0.1, rand(3, 5, 1), zeros(1, 5, 1) })
        {
            Tensor fused = FakeQuant.Apply(input, amax, bits, isUnsigned, narrow);
            (Tensor integers, Tensor scale) = TensorQuant.Apply(input, amax, bits, isUnsigned, narrow);

            Assert.Null(GoldenTensor.Difference(fused, integers / scale));
        }
    }

    [Fact]
    public void Strided_and_channels_last_tensors_give_the_same_values_and_gradients()
    {
        using var scope = NewDisposeScope();
        Tensor contiguous = randn(2, 4, 6, 5), amax = rand(1, 4, 1, 1) + 0.2;
        Tensor channelsLast = contiguous.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        Tensor everySecond = stack([contiguous, contiguous], 4).flatten(3)[.., .., .., TensorIndex.Slice(step: 2)];
        Tensor expected = FakeQuant.Apply(contiguous, amax);
        foreach (Tensor layout in new[] { channelsLast, everySecond })
        {
            Assert.False(layout.is_contiguous());
            Tensor input = layout.detach().requires_grad_();

            Tensor output = FakeQuant.Apply(input, amax);
            output.sum().backward();

            Assert.Null(GoldenTensor.Difference(output, expected));
            Assert.Null(GoldenTensor.Difference(input.grad!, contiguous.abs().le(amax).to(ScalarType.Float32)));
        }
    }

    [Fact]
    public void The_gradient_passes_at_exactly_amax_and_not_beyond()
    {
        using var scope = NewDisposeScope();
        Tensor input = tensor([0.7f, -0.7f, MathF.BitIncrement(0.7f), -MathF.BitIncrement(0.7f), 0, 0.1f]).requires_grad_();

        FakeQuant.Apply(input, tensor(0.7f)).sum().backward();

        Assert.Equal([1, 1, 0, 0, 1, 1], input.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Bfloat16_is_computed_in_float32_and_rounded_once()
    {
        using var scope = NewDisposeScope();
        Tensor input = randn(100).to(ScalarType.BFloat16), amax = tensor(1.25f);

        Tensor output = FakeQuant.Apply(input, amax);

        Assert.Equal(ScalarType.BFloat16, output.dtype);
        Assert.Null(GoldenTensor.Difference(output, FakeQuant.Apply(input.to(ScalarType.Float32), amax).to(ScalarType.BFloat16)));
    }

    [Fact]
    public void Integers_can_be_returned_as_int32()
    {
        using var scope = NewDisposeScope();

        (Tensor integers, Tensor scale) = TensorQuant.Apply(tensor([0.5f, -1f, 2f]), tensor(1f), outputDtype: ScalarType.Int32);

        Assert.Equal([64, -127, 127], integers.data<int>().ToArray());
        Assert.Equal(127f, scale.item<float>());
    }
}
