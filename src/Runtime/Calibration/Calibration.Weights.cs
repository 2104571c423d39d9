using QuantGen.Calibrating;
using QuantGen.Quantizers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <content>Ranges of weights, which need no data.</content>
public static partial class Calibration
{
    /// <summary>Gives the weight quantizers of a model's convolutions, linear layers and LSTMs their amax, from the weights themselves.</summary>
    /// <remarks>What it finds stays when statistics of batches are applied to the model later.</remarks>
    /// <param name="model">The model.</param>
    /// <param name="method">Max, mse or a percentile; the method of each quantizer's descriptor unless said otherwise, as for <see cref="Run{T}"/>.</param>
    /// <param name="perChannel">
    /// Whether each output channel gets a range of its own; on the axis of the quantizer's descriptor, else axis 1 of transposed convolutions and 0 of the
    /// others.
    /// </param>
    /// <param name="numBins">The number of bins of the histograms, which mse and percentile search; mse needs more than 128.</param>
    /// <returns>What was found, with the share of the weights that each range clips, and warnings.</returns>
    /// <exception cref="ArgumentException">Another method, a weight with NaN or infinity, or a quantizer that has an amax of another shape; nothing has
    /// changed.</exception>
    public static CalibrationReport CalibrateWeights(
        Module model, CalibrationMethod? method = null, bool perChannel = true, int numBins = Histogram.DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        List<WeightRange> found = [];
        foreach ((string name, QuantizedWeight weight) in ModelQuantizers.Weights(model))
        {
            try
            {
                found.Add(WeightRange.Of(name, weight, method, perChannel, numBins));
            }
            catch (ArgumentOutOfRangeException)
            {
                // A parameter of the call, not something about this weight.
                throw;
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"Quantizer '{name}': {e.Message}", e);
            }
        }

        foreach (WeightRange range in found)
        {
            range.Take();
        }

        return new() { Method = method, Quantizers = [.. found.Select(range => range.Row)] };
    }
}
