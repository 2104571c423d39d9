using QuantGen.Calibrating;
using QuantGen.Quantizers.State;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <content>From statistics to ranges.</content>
public static partial class Calibration
{
    /// <summary>Gives every quantizer of a model the amax that a method finds, or, where that fails for one of them, changes none.</summary>
    /// <param name="state">What was collected, with this model or with another one that has the same quantizers.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">
    /// The method, and others to compare in the report; the method of each quantizer's descriptor unless said otherwise.
    /// Quantizers with a range for each channel always take the maximum. Ranges that <see cref="CalibrateWeights"/> found stay; call it again, or
    /// <see cref="TensorQuantizer.ResetAmax"/>, for others.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model has other quantizers or other axes, a quantizer's statistics cannot answer the method, or it has an amax of another shape.
    /// </exception>
    public static CalibrationReport Apply(this CalibrationState state, Module model, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(model);
        QuantizersByName.Place(model);
        IReadOnlyList<(string Name, TensorQuantizer Quantizer)> quantizers = ModelQuantizers.Of(model);
        CalibrationState.RequireSame(quantizers.Select(entry => entry.Name), state.Names, "the model", "the state");
        QuantizerRange[] ranges =
        [
            .. quantizers.Select(entry => new QuantizerRange(entry.Name, entry.Quantizer, state.Quantizers[entry.Name]))
                .Where(range => range.Statistics.HasData && !range.Quantizer.IsFromWeight),
        ];
        Search(ranges, options?.Method);
        List<QuantizerCalibration> rows = [.. ranges.Select(range => range.Row(options?.Compare ?? []))];
        foreach (QuantizerRange range in ranges)
        {
            range.Take();
        }

        return new()
        {
            Method = options?.Method,
            Batches = checked((int)state.Batches),
            Quantizers = rows,
            KeptWeights = [.. quantizers.Where(entry => entry.Quantizer.IsFromWeight).Select(entry => entry.Name)],
            Unreached = UnreachedGroup.Of(model, quantizers.Select(entry => (
                entry.Name, state.Quantizers[entry.Name].HasData || entry.Quantizer.HasRange, state.Quantizers[entry.Name].Batches))),
        };
    }

    // The searches of all quantizers, on all cores.
    private static void Search(QuantizerRange[] ranges, CalibrationMethod? asked)
    {
        string?[] problems = new string?[ranges.Length];
        Parallel.For(0, ranges.Length, i =>
        {
            try
            {
                ranges[i].Find(asked);
            }
            catch (ArgumentException e)
            {
                problems[i] = $"Quantizer '{ranges[i].Name}': {e.Message}";
            }
        });
        if (Array.Find(problems, problem => problem is not null) is { } first)
        {
            throw new ArgumentException(first);
        }
    }
}
