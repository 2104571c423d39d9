using CsCheck;
using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Tests.Numerics;

/// <summary>Affine grids, by the text of ONNX's QuantizeLinear: y = saturate(round(x / scale) + zero-point), rounding half to even.</summary>
public sealed class AffineGridTests
{
    [Fact]
    public void Ends_of_minus_one_and_three_have_zero_point_64()
    {
        AffineGrid grid = AffineGrid.Of(-1, 3, 255);

        // 4 / 255 in float32; 1 / that is 63.75.
        Assert.Equal((0.015686275f, 64, -64f, 191f), (grid.Step, grid.ZeroPoint, grid.Low, grid.High));
    }

    // 2 / 255 is rounded up in float32, so that 1 is a hair less than 127.5 steps.
    [Theory]
    [InlineData(0.5f, 2f, 0, 2f / 255)]
    [InlineData(0f, 2f, 0, 2f / 255)]
    [InlineData(-2f, -0.5f, 255, 2f / 255)]
    [InlineData(-1f, 1f, 127, 2f / 255)]
    [InlineData(0f, 0f, 0, 0.0001f / 255)]
    [InlineData(-1e-9f, 1e-9f, 0, 0.0001f / 255)]
    public void Ranges_are_widened_to_hold_zero(float minimum, float maximum, int zeroPoint, float step)
    {
        AffineGrid grid = AffineGrid.Of(minimum, maximum, 255);

        Assert.Equal((zeroPoint, step), (grid.ZeroPoint, grid.Step));
    }

    [Fact]
    public void Values_are_rounded_half_to_even_and_saturate()
    {
        using var scope = NewDisposeScope();
        Tensor input = tensor([-5f, -1f, -0.5f, -0.4f, 0f, 0.5f, 1.5f, 1.6f, 2f, 9f]);

        // Two bits from -1 to 2: a step of 1, and zero-point 1.
        float[] values = [.. AffineQuant.Quantize(input, tensor(-1f), tensor(2f), 3).data<float>()];

        Assert.Equal([-1f, -1f, 0f, 0f, 0f, 0f, 2f, 2f, 2f, 2f], values);
        Assert.All(values[2..6], zero => Assert.False(float.IsNegative(zero)));
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void The_kernel_and_torch_operations_give_the_same(ScalarType type)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        Tensor data = (randn(37, 41) * 2).to(type), low = tensor(-0.28f), high = tensor(3.1f);
        Tensor contiguous = data.clone().requires_grad_(), strided = data.t().contiguous().t().detach().requires_grad_();
        Tensor fused = AffineQuant.Quantize(contiguous, low, high, 255), composed = AffineQuant.Quantize(strided, low, high, 255);
        fused.sum().backward();
        composed.sum().backward();

        Assert.Equal(type, fused.dtype);
        Assert.Equal(Floats(composed), Floats(fused));
        Assert.Equal(Floats(strided.grad!), Floats(contiguous.grad!));

        // Rounded to the grid in float32 at least, and then to the type.
        Tensor wide = AffineQuant.Quantize(data.to(ScalarType.Float32), low, high, 255);
        Assert.InRange((wide - fused.to(ScalarType.Float32)).abs().max().item<float>(), 0, type is ScalarType.Float64 or ScalarType.Float32 ? 1e-6f : 0.02f);
    }

    [Fact]
    public void The_gradient_is_one_from_the_lowest_to_the_highest_number_and_zero_beyond()
    {
        using var scope = NewDisposeScope();

        // -1 … 3 with a step of 4 / 255: the numbers reach from -64 to 191 steps.
        float lowest = -64 * 0.015686275f, highest = 191 * 0.015686275f;
        Tensor input = tensor([MathF.BitDecrement(lowest), lowest, -1, 0, highest, MathF.BitIncrement(highest)]).requires_grad_();
        AffineQuant.Quantize(input, tensor(-1f), tensor(3f), 255).sum().backward();

        Assert.Equal([0f, 1f, 1f, 1f, 1f, 0f], input.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Zero_is_exact_rounding_is_idempotent_monotone_and_within_half_a_step()
        => Gen.Select(Gen.Float[-50, 0], Gen.Float[0, 50], Gen.Int[2, 16], Gen.Float[-60, 60].Array[1, 40]).Sample((low, high, bits, values) =>
        {
            using var scope = NewDisposeScope();
            float levels = (1 << bits) - 1;
            AffineGrid grid = AffineGrid.Of(low, high, levels);
            float[] sorted = [0, .. values];
            Array.Sort(sorted);
            float[] once = Quantized(sorted), twice = Quantized(once);
            for (int i = 0; i < sorted.Length; i++)
            {
                float x = sorted[i], y = once[i];
                Assert.Equal(y, twice[i]);
                Assert.True(i == 0 || y >= once[i - 1]);
                Assert.True(x != 0 || y == 0);
                double tolerance = (grid.Step / 2) + (Math.Abs(x) * 1e-6);
                Assert.True(x < grid.Minimum || x > grid.Maximum || Math.Abs(x - y) <= tolerance, $"{x} became {y} with a step of {grid.Step}");
            }

            float[] Quantized(float[] from) => [.. AffineQuant.Quantize(tensor(from), tensor(low), tensor(high), levels).data<float>()];
        }, iter: 300);

    private static float[] Floats(Tensor values) => [.. values.contiguous().to(ScalarType.Float32).data<float>()];
}
