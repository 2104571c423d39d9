using System.Globalization;
using QuantGen.Numerics.Kernels;
using static TorchSharp.torch;

namespace QuantGen.Numerics;

/// <summary>The checks that quantization functions share.</summary>
/// <remarks>Values are looked at on the CPU only: elsewhere a look would wait for the device.</remarks>
internal static class QuantArguments
{
    private const string NegativeInput = "An unsigned range holds no negative values, but the input has some. Quantize it with a signed range.";

    public static void CheckFloatingPoint(Tensor tensor, string name)
    {
        if (!tensor.is_floating_point())
        {
            throw new ArgumentException($"Quantization takes floating-point tensors, not {tensor.dtype}.", name);
        }
    }

    public static void CheckAmax(Tensor amax, string name)
    {
        if (amax.device_type != TorchSharp.DeviceType.CPU || amax.numel() == 0)
        {
            return;
        }

        double least = Least(amax);
        if (least < 0)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"amax is the largest absolute value and cannot be negative, but its smallest element is {least}."), name);
        }
    }

    // A quantizer's own amax is read where it lies: a torch call would cost more than quantizing a small tensor does.
    private static unsafe double Least(Tensor amax)
    {
        if (LibTorch.IsAvailable && amax.dtype == ScalarType.Float32 && amax.is_contiguous())
        {
            float least = float.PositiveInfinity;
            foreach (float value in new ReadOnlySpan<float>(LibTorch.ConstData(amax), checked((int)amax.numel())))
            {
                least = value < least ? value : least;
            }

            GC.KeepAlive(amax);
            return least;
        }

        using var scope = NewDisposeScope();
        return amax.detach().min().to(ScalarType.Float64).item<double>();
    }

    public static void CheckBroadcast(Tensor input, Tensor amax, string name)
    {
        if (amax.numel() == 1)
        {
            return;
        }

        long[] shape = input.shape, ranges = amax.shape;
        for (int i = 1; i <= Math.Min(shape.Length, ranges.Length); i++)
        {
            if (shape[^i] != ranges[^i] && shape[^i] != 1 && ranges[^i] != 1)
            {
                throw new ArgumentException(
                    $"amax of shape [{string.Join(", ", ranges)}] does not broadcast to an input of shape [{string.Join(", ", shape)}].", name);
            }
        }
    }

    /// <summary>A caller who wants the scale wants to divide by it.</summary>
    public static void CheckScale(Tensor scale, string name)
    {
        if (scale.dtype != ScalarType.Float16 || scale.device_type != TorchSharp.DeviceType.CPU)
        {
            return;
        }

        using var scope = NewDisposeScope();
        if (scale.isinf().any().item<bool>())
        {
            throw new ArgumentException("amax is too small for float16: its scale is above 65504. Convert the input to float32.", name);
        }
    }

    public static void CheckUnsigned(Tensor input, string name)
    {
        if (input.device_type != TorchSharp.DeviceType.CPU || input.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        if (input.detach().min().to(ScalarType.Float64).item<double>() < 0)
        {
            ThrowNegativeInput(name);
        }
    }

    public static void ThrowNegativeInput(string name) => throw new ArgumentException(NegativeInput, name);
}
