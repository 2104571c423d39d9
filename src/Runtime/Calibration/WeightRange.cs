using QuantGen.Numerics.Formats;
using QuantGen.Quantizers;
using QuantGen.Statistics;
using static TorchSharp.torch;

namespace QuantGen.Calibrating;

/// <summary>A range that was found from a weight, for its quantizer to take; to be used inside a dispose scope.</summary>
/// <param name="Row">What the report says.</param>
/// <param name="Quantizer">The quantizer.</param>
/// <param name="Amax">The range.</param>
internal sealed record WeightRange(QuantizerCalibration Row, TensorQuantizer Quantizer, Tensor Amax)
{
    /// <summary>Searches a weight; changes nothing.</summary>
    /// <exception cref="ArgumentException">A method that weights are not searched with, NaN or infinity, or a present amax of another shape.</exception>
    public static WeightRange Of(string name, QuantizedWeight weight, CalibrationMethod? asked, bool perChannel, int numBins)
    {
        TensorQuantizer quantizer = weight.Quantizer;
        if (quantizer.Descriptor.Affine)
        {
            throw new ArgumentException("a weight's range is symmetric: leave Affine out of its descriptor.");
        }

        quantizer.PlaceLike(weight.Parts[0]);

        // As the quantizer sees it, behind its factor.
        Tensor values = quantizer.Resolve().Scale(weight.Whole().detach());
        if (!values.isfinite().all().item<bool>())
        {
            throw new ArgumentException("the weight holds NaN or infinity.");
        }

        CalibrationMethod method = asked ?? quantizer.Descriptor.CalibrationMethod;
        double minimum = values.numel() == 0 ? 0 : values.min().to(ScalarType.Float64).item<double>();
        QuantFormat format = quantizer.FormatFrom(minimum);
        // A range that is learned is one for the whole weight.
        QuantAxes? axis = perChannel && quantizer.Clip is null ? quantizer.Axis ?? weight.ChannelAxis : null;
        Tensor amax = WeightAmax.Of(values, axis, method, format.NumBits, format.Unsigned, numBins);
        if (quantizer.Amax is { } present && !present.shape.AsSpan().SequenceEqual(amax.shape))
        {
            throw new ArgumentException(
                $"it has an amax of shape [{string.Join(", ", present.shape)}], which cannot change to [{string.Join(", ", amax.shape)}]. Call ResetAmax first.");
        }

        if (RangeChecks.Problem(amax, quantizer.ElementType) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        return new(Report(name, method, values, amax, quantizer, format), quantizer, amax);
    }

    /// <summary>Gives the quantizer the range.</summary>
    public void Take() => Quantizer.TakeRange(Amax, Row.Unsigned, isFromWeight: true);

    private static QuantizerCalibration Report(
        string name, CalibrationMethod method, Tensor values, Tensor amax, TensorQuantizer quantizer, QuantFormat format)
    {
        Tensor inUse = quantizer.Descriptor.ScaleAmax is { } factor ? amax * Math.Abs(factor) : amax;
        Tensor magnitudes = values.abs();
        double clipped = magnitudes.gt(inUse).sum().item<long>() / (double)Math.Max(1, values.numel());
        Tensor quantized = format.IsE4M3 ? Float8.ScaledE4M3(values, inUse) : FakeQuant.Quantize(values, inUse, format.Range, rejectNegative: false);
        Tensor isLow = magnitudes.gt(0).logical_and_(magnitudes.lt(inUse / 2));
        double signal = Power(values), noise = Power(quantized.sub(values));
        double lost = quantized.eq(0).logical_and_(isLow).sum().item<long>(), low = isLow.sum().item<long>();
        float largest = amax.max().to(ScalarType.Float32).item<float>();
        return new()
        {
            Name = name,
            Applied = new(method, largest, clipped, noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise)),
            Unsigned = format.Unsigned,
            Warnings = signal == 0 ? [CalibrationWarning.Zero]
                : largest == 0 ? [CalibrationWarning.EmptyRange]
                : lost > TensorStatistics.MostLost * low ? [CalibrationWarning.LostResolution] : [],
        };
    }

    // The sum of squares, by a norm: one pass, and no copy in double precision.
    private static double Power(Tensor values)
    {
        double norm = values.norm().to(ScalarType.Float64).item<double>();
        return norm * norm;
    }
}
