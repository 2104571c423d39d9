using QuantGen.Numerics.Formats;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Numerics;

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

        layout = found;
        return true;
    }

    /// <summary>Integers in the type that the input is computed in, and the scale in its own; new tensors both.</summary>
    /// <remarks>The scale is a quotient in amax's type, as in the reference: a float32 amax gives a float32 scale also for a float64 input.</remarks>
    public static (Tensor Integers, Tensor Scale) Compose(Tensor input, Tensor amax, QuantRange range)
    {
        using var scope = NewDisposeScope();
        Tensor bound = amax.detach().to(Working(amax.dtype), input.device);
        Tensor tiny = bound.le(QuantRange.SmallestAmax);
        Tensor scale = full_like(bound, range.High).div_(bound).to(Working(input.dtype));
        Tensor integers = input.detach().to(Working(input.dtype)).mul(scale.masked_fill(tiny, 0)).round_().clamp_(range.Low, range.High);
        return (integers.MoveToOuterDisposeScope(), scale.masked_fill_(tiny, 1).MoveToOuterDisposeScope());
    }

    /// <summary>Integers divided by scale, in the type of the quantized tensor; consumes both.</summary>
    /// <remarks>
    /// Half precision divides in half precision, as the reference does on the CPU; its scale overflows, to zeros, for an amax below about 0.002.
    /// </remarks>
    public static Tensor Dequantize(Tensor integers, Tensor scale, ScalarType type)
        => type == ScalarType.Float16 ? integers.to(type).div_(scale.to(type)) : integers.div_(scale);

    /// <summary>The type that values are computed in: halves in float32.</summary>
    public static ScalarType Working(ScalarType type) => type is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : type;
}
