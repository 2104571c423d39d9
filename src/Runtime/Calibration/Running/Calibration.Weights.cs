using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <content>Ranges of weights, which need no data.</content>
public static partial class Calibration
{
    /// <summary>Gives the weight quantizers of a model's convolutions and linear layers their amax, from the weights themselves.</summary>
    /// <param name="model">The model.</param>
    /// <param name="method">Max, mse or a percentile; percentile 99.99 unless said otherwise.</param>
    /// <param name="perChannel">
    /// Whether each output channel gets a range of its own; on the axis of the quantizer's descriptor, else axis 1 of transposed convolutions and 0 of the others.
    /// </param>
    /// <param name="numBins">The number of bins of the histograms, which mse and percentile search; mse needs more than 128.</param>
    /// <returns>The names of the weight quantizers that have a range now.</returns>
    /// <exception cref="ArgumentException">Another method, or a quantizer that has an amax of another shape; nothing has changed.</exception>
    public static IReadOnlyList<string> CalibrateWeights(
        Module model, CalibrationMethod? method = null, bool perChannel = true, int numBins = Histogram.DefaultBins)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        List<(string Name, TensorQuantizer Quantizer, Tensor Amax)> found = [];
        IEnumerable<(string Name, Module Module)> modules = [("", model), .. model.named_modules()];
        foreach ((string name, Module module) in modules)
        {
            if (module is not IQuantizedWeight weighted)
            {
                continue;
            }

            TensorQuantizer quantizer = weighted.WeightQuantizer;
            QuantAxes? axis = perChannel ? quantizer.Axis ?? weighted.ChannelAxis : null;
            string fullName = name.Length == 0 ? "_weight_quantizer" : $"{name}._weight_quantizer";
            Tensor amax = WeightAmax.Of(weighted.Weight, axis, method ?? CalibrationMethod.Percentile(), quantizer.NumBits, quantizer.Unsigned, numBins);
            if (quantizer.Amax is { } present && !present.shape.AsSpan().SequenceEqual(amax.shape))
            {
                throw new ArgumentException(
                    $"Quantizer '{fullName}' has an amax of shape [{string.Join(", ", present.shape)}], which cannot change to [{string.Join(", ", amax.shape)}]. Reset it first.",
                    nameof(perChannel));
            }

            found.Add((fullName, quantizer, amax));
        }

        foreach ((_, TensorQuantizer quantizer, Tensor amax) in found)
        {
            quantizer.Amax = amax;
        }

        return [.. found.Select(entry => entry.Name)];
    }
}
