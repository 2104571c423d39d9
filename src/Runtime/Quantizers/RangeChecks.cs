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

    /// <summary>What is wrong with the two ends of an affine range, as a sentence; null where nothing is.</summary>
    public static string? Problem(Tensor amin, Tensor amax, ScalarType type)
    {
        if (amin.numel() != 1 || amax.numel() != 1)
        {
            return $"an affine range has two numbers, but shapes [{string.Join(", ", amin.shape)}] and [{string.Join(", ", amax.shape)}] were given.";
        }

        if (amin.device_type == TorchSharp.DeviceType.META || amax.device_type == TorchSharp.DeviceType.META)
        {
            return null;
        }

        using var scope = NewDisposeScope();
        double low = Number(amin.detach()), high = Number(amax.detach());
        if (!(low <= 0 && high >= 0 && double.IsFinite(low) && double.IsFinite(high)))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the ends of an affine range are finite, and zero lies between them, but they are {low} and {high}.");
        }

        // The step is a quotient of the distance between the ends, in float32 at least.
        double width = type is ScalarType.Float64 ? high - low : (float)high - (float)low;
        return double.IsFinite(width) && double.IsFinite(Number(amin.detach().to(type))) && double.IsFinite(Number(amax.detach().to(type)))
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the ends {low} and {high} are beyond {type}, the type of the model's ranges. Calibrate the model in float32.");
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
