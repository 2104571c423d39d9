using static TorchSharp.torch;

namespace QuantGen;

/// <summary>What <see cref="Calibration.Collect"/> gathered: one collection, from which every method's ranges can be taken in turn.</summary>
public sealed class CollectedStatistics
{
    private readonly IReadOnlyList<CollectedQuantizer> _quantizers;

    internal CollectedStatistics(IReadOnlyList<CollectedQuantizer> quantizers, int batches) => (_quantizers, Batches) = (quantizers, batches);

    /// <summary>The number of batches seen.</summary>
    public int Batches { get; }

    internal IReadOnlyList<CollectedQuantizer> Quantizers => _quantizers;

    /// <summary>Gives every quantizer the amax that a method finds, or, where that fails for one of them, changes none.</summary>
    /// <param name="options">
    /// The method, and others to compare in the report; the method of each quantizer's descriptor unless said otherwise.
    /// Quantizers with a range for each channel always take the maximum.
    /// </param>
    /// <exception cref="ArgumentException">A method that a quantizer's statistics cannot answer, or an amax of another shape than the quantizer has.</exception>
    public CalibrationReport Apply(CalibrationOptions? options = null)
    {
        using var scope = NewDisposeScope();
        CollectedQuantizer[] reached = [.. _quantizers.Where(collected => collected.Calibrator.HasData)];
        double[] searched = Search(reached, options?.Method);
        List<(CollectedQuantizer Collected, Tensor Amax, QuantizerCalibration Row)> found = [];
        foreach ((CollectedQuantizer collected, double scalar) in reached.Zip(searched))
        {
            CalibrationMethod method = collected.MethodFor(options?.Method);
            Tensor amax = AmaxOf(collected, scalar);
            MethodOutcome applied = Outcomes.Of(collected, method, amax);
            found.Add((collected, amax, new(collected.Name, applied, collected.Unsigned)
            {
                Compared = Outcomes.Of(collected, options?.Compare ?? []),
                Batches = collected.Batches,
                Warnings = [.. collected.Warnings(applied.Amax)],
            }));
        }

        foreach ((CollectedQuantizer collected, Tensor amax, QuantizerCalibration row) in found)
        {
            if (collected.Calibrator is HistogramCalibrator histogram)
            {
                histogram.Unsigned = row.Unsigned;
            }

            collected.Quantizer.TakeRange(amax, row.Unsigned, collected.Calibrator);
        }

        return new(
            options?.Method, Batches, [.. found.Select(entry => entry.Row)],
            [.. _quantizers.Where(collected => !collected.Calibrator.HasData).Select(collected => collected.Name)]);
    }

    /// <summary>The statistics without the model, to save and to merge with those of other machines.</summary>
    public CalibrationState ToState() => CalibrationState.Of(_quantizers, Batches);

    // The searches of all histograms, on all cores; 0 for other calibrators, whose amax is known without.
    private static double[] Search(CollectedQuantizer[] quantizers, CalibrationMethod? asked)
    {
        double[] amax = new double[quantizers.Length];
        string?[] problems = new string?[quantizers.Length];
        Parallel.For(0, quantizers.Length, i =>
        {
            if (quantizers[i].Calibrator is HistogramCalibrator histogram)
            {
                try
                {
                    amax[i] = histogram.AmaxOf(quantizers[i].MethodFor(asked), quantizers[i].Unsigned);
                }
                catch (ArgumentException e)
                {
                    problems[i] = $"Quantizer '{quantizers[i].Name}': {e.Message}";
                }
            }
        });
        return Array.Find(problems, problem => problem is not null) is { } first ? throw new ArgumentException(first) : amax;
    }

    // In the shape that the quantizer has already, where it has one; a scalar fills it.
    private static Tensor AmaxOf(CollectedQuantizer collected, double scalar)
    {
        Tensor amax = collected.Calibrator is MaxCalibrator max ? max.ComputeAmax(CalibrationMethod.Max)! : tensor((float)scalar);
        if (collected.Quantizer.Amax is not { } present || present.shape.AsSpan().SequenceEqual(amax.shape))
        {
            return amax;
        }

        return amax.ndim == 0 ? amax.expand(present.shape) : throw new ArgumentException(
            $"Quantizer '{collected.Name}' has an amax of shape [{string.Join(", ", present.shape)}], but [{string.Join(", ", amax.shape)}] was collected.");
    }
}
