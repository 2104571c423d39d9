using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Devices;

/// <summary>
/// A tensor on the meta device has a shape and no values: whatever reads one fails. What runs there reads nothing back from a device,
/// and it is the same code that runs on every device but the CPU. (Learned bounds are two calls of torch.where, which LibTorch has no meta kernel for.)
/// </summary>
public sealed class NoHostReadTests
{
    [Fact]
    public void A_value_cannot_be_read_from_a_meta_tensor() => Assert.ThrowsAny<Exception>(() => Meta(2, 3).sum().item<float>());

    [Fact]
    public void Quantization_functions_read_no_value()
    {
        using var scope = NewDisposeScope();
        Tensor input = Meta(2, 3, 4), amax = Meta(), channels = Meta(1, 3, 1);
        foreach (Tensor range in new[] { amax, channels })
        {
            foreach (bool isUnsigned in new[] { false, true })
            {
                Check(input, FakeQuant.Apply(input, range, 8, isUnsigned));
                Check(input, TensorQuant.Apply(input, range, 8, isUnsigned).Quantized);
            }

            Check(input, Float8.ScaledE4M3(input, range));
            Check(input, Float8.ScaledE5M2(input, range));
            Check(input, FakeAffineQuant.Apply(input, range.neg(), range));
        }

        Assert.Equal([1L, 3, 1], ReduceAmax.Apply(input, [0, 2]).shape);
    }

    // The gradient is that of LibTorch's own clamp, whose kernel for meta tensors is missing; recording it happens here.
    [Fact]
    public void Recording_the_gradient_reads_no_value()
    {
        using var scope = NewDisposeScope();
        Tensor input = Meta(2, 3, 4).requires_grad_();

        Assert.True(FakeQuant.Apply(input, Meta()).requires_grad);
    }

    public static TheoryData<string> Descriptors => [.. s_descriptors.Keys];

    private static readonly Dictionary<string, QuantDescriptor> s_descriptors = new()
    {
        ["dynamic"] = new(),
        ["per channel"] = new() { Axis = 1 },
        ["unsigned"] = new() { Unsigned = true },
        ["E4M3"] = new() { NumBits = NumBits.E4M3 },
        ["integers"] = new() { FakeQuant = false },
        ["scaled"] = new() { ScaleAmax = 0.9 },
        ["fixed"] = new() { Amax = 1.5f },
        ["affine"] = new() { Affine = true },
        ["fixed affine"] = new() { Affine = true, Amin = -0.5f, Amax = 1.5f },
        ["scaled affine"] = new() { Affine = true, ScaleAmax = 0.9 },
    };

    [Theory]
    [MemberData(nameof(Descriptors))]
    public void A_quantizer_reads_no_value(string name)
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(s_descriptors[name]);
        quantizer.to(META);
        Tensor input = Meta(2, 3, 4);

        Check(input, quantizer.call(input));
    }

    [Fact]
    public void A_quantized_module_reads_no_value()
    {
        using var scope = NewDisposeScope();
        using QuantLinear linear = new(4, 5);
        linear.to(META);

        Assert.Equal([2L, 3, 5], linear.call(Meta(2, 3, 4)).shape);
    }

    private static Tensor Meta(params long[] shape) => empty(shape, device: META);

    private static void Check(Tensor input, Tensor output)
    {
        Assert.Equal(input.shape, output.shape);
        Assert.Equal(DeviceType.META, output.device_type);
    }
}
