using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Judges what a method gives for collected statistics.</summary>
internal static class Outcomes
{
    /// <summary>The outcome for an amax that is known already.</summary>
    public static MethodOutcome Of(CollectedQuantizer collected, CalibrationMethod method, Tensor amax)
    {
        using var scope = NewDisposeScope();
        float largest = amax.max().to(ScalarType.Float32).item<float>();
        return collected.Calibrator is HistogramCalibrator { Histogram: var histogram }
            ? new(method, largest, Clipped(histogram, largest), Decibels(histogram, largest, collected))
            : new(method, largest, 0, null);
    }

    /// <summary>The outcomes of methods to compare; those that the calibrator cannot answer are left out.</summary>
    public static IReadOnlyList<MethodOutcome> Of(CollectedQuantizer collected, IEnumerable<CalibrationMethod> methods)
    {
        List<MethodOutcome> outcomes = [];
        foreach (CalibrationMethod method in methods)
        {
            if (collected.Calibrator is HistogramCalibrator calibrator && CanAnswer(method, calibrator, collected.Quantizer.NumBits))
            {
                using Tensor amax = tensor((float)calibrator.AmaxOf(method, collected.Unsigned));
                outcomes.Add(Of(collected, method, amax));
            }
            else if (collected.Calibrator is MaxCalibrator && method.Kind == CalibrationMethodKind.Max)
            {
                using Tensor amax = collected.Calibrator.ComputeAmax(method)!;
                outcomes.Add(Of(collected, method, amax));
            }
        }

        return outcomes;
    }

    private static bool CanAnswer(CalibrationMethod method, HistogramCalibrator calibrator, NumBits bits) => method.Kind switch
    {
        CalibrationMethodKind.MovingAverageMax => calibrator.BatchAmax.Count > 0,
        CalibrationMethodKind.Entropy or CalibrationMethodKind.Sqnr => !bits.IsE4M3,
        _ => true,
    };

    // Values lie evenly inside the bin that amax cuts.
    private static double Clipped(IHistogram histogram, double amax)
    {
        if (amax >= (float)histogram.Largest)
        {
            return 0;
        }

        double beyond = 0;
        ReadOnlySpan<double> edges = histogram.Edges;
        for (int bin = histogram.Counts.Length - 1; bin >= 0 && edges[bin + 1] > amax; bin--)
        {
            double end = Math.Min(edges[bin + 1], histogram.Largest);
            beyond += histogram.Counts[bin] * Math.Clamp((end - amax) / Math.Max(end - edges[bin], double.Epsilon), 0, 1);
        }

        return beyond / histogram.Total;
    }

    private static double Decibels(IHistogram histogram, double amax, CollectedQuantizer collected)
    {
        QuantizationNoise noise = new(histogram.Counts, histogram.Edges);
        NumBits bits = collected.Quantizer.NumBits;
        double power = bits.IsE4M3
            ? AmaxSearch.ErrorOf(AmaxSearch.Centers(histogram.Edges), histogram.Counts, bits, collected.Unsigned).Error((float)amax)
            : noise.Power(amax, QuantRange.Of(bits, collected.Unsigned, narrowRange: true).High);
        return power == 0 ? double.PositiveInfinity : 10 * Math.Log10(noise.Signal / power);
    }
}
