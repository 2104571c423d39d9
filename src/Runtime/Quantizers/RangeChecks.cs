using System.Globalization;
using static TorchSharp.torch;

namespace QuantGen.Quantizers;

/// <summary>What every range has to be, wherever it comes from: a user, a file, statistics. These read values, on any device.</summary>
internal static class RangeChecks
{
    /// <summary>A range is finite and not negative, also in the type that it will have.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static void RequireRange(Tensor amax, ScalarType type, string parameter)
    {
        if (Problem(amax, type) is { } problem)
        {
            throw new ArgumentException(problem, parameter);
        }
    }

    /// <summary>What is wrong with a range, as a sentence; null where nothing is.</summary>
    public static string? Problem(Tensor amax, ScalarType type)
    {
        if (amax.device_type == TorchSharp.DeviceType.META || amax.numel() == 0)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        Tensor values = amax.detach();
        double least = Number(values.min()), largest = Number(values.max());
        if (!(least >= 0 && double.IsFinite(largest)))
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"amax is the largest absolute value, finite and not negative, but its elements are from {least} to {largest}.");
        }

        return double.IsFinite(Number(values.max().to(type)))
            ? null
            : string.Create(
                CultureInfo.InvariantCulture, $"amax is {largest}, which is beyond {type}, the type of the model's ranges. Calibrate the model in float32.");
    }

    /// <summary>Values are finite.</summary>
    /// <exception cref="ArgumentException">One is not.</exception>
    public static void RequireFinite(Tensor values, string what, string parameter)
    {
        if (!IsFinite(values))
        {
            throw new ArgumentException($"{what} must be finite, but holds NaN or infinity.", parameter);
        }
    }

    /// <summary>Whether all values are finite.</summary>
    public static bool IsFinite(Tensor values)
    {
        using var scope = NewDisposeScope();
        return values.device_type == TorchSharp.DeviceType.META || values.detach().isfinite().all().cpu().item<bool>();
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).cpu().item<double>();
}
