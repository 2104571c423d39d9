using QuantGen.Kernels;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Quantization to integers, as a fused kernel where memory allows, and from torch operations everywhere else.</summary>
internal static class QuantOperation
{
    /// <summary>Whether the CPU kernel can take these tensors.</summary>
    public static bool CanFuse(Tensor input, Tensor amax, out AmaxLayout layout)
    {
        layout = default;
        if (!LibTorch.IsAvailable
            || input.device_type != TorchSharp.DeviceType.CPU || amax.device_type != TorchSharp.DeviceType.CPU
            || input.dtype != ScalarType.Float32 || amax.dtype != ScalarType.Float32
            || !input.is_contiguous() || !amax.is_contiguous()
            || AmaxLayout.Of(input, amax) is not { } found)
        {
            return false;
        }

        // Rows of a few elements would cost more in loop overhead than vectorised torch operations do.
        layout = found;
        return layout.Channels == 1 || layout.Inner >= 8;
    }

    /// <summary>amax on the input's device, in the type that arithmetic is done in: the input's, but at least float32.</summary>
    public static Tensor Convert(Tensor amax, Tensor input) => amax.to(Working(input.dtype), input.device);

    /// <summary>Integers (in the arithmetic type) and scale, new tensors both; amax as <see cref="Convert"/> gives it.</summary>
    public static (Tensor Integers, Tensor Scale) Compose(Tensor input, Tensor amax, QuantRange range)
    {
        using var scope = NewDisposeScope();
        Tensor tiny = amax.le(QuantRange.SmallestAmax);
        Tensor scale = full_like(amax, range.High).div_(amax);
        Tensor integers = input.to(Working(input.dtype)).mul(scale.masked_fill(tiny, 0)).round_().clamp_(range.Low, range.High);
        return (integers.MoveToOuterDisposeScope(), scale.masked_fill_(tiny, 1).MoveToOuterDisposeScope());
    }

    private static ScalarType Working(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : type;
}
