using QuantGen.Quantizers;
using static TorchSharp.torch.nn;

namespace QuantGen.Calibrating;

/// <summary>The quantizers of a model that calibration gives a range, by name.</summary>
internal static class ModelQuantizers
{
    /// <summary>Those that are enabled and have no range by their descriptor; each once, though a module that is used in two places is listed twice.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static IReadOnlyList<(string Name, TensorQuantizer Quantizer)> Of(Module model)
    {
        List<(string, TensorQuantizer)> quantizers = [];
        HashSet<TensorQuantizer> known = [];
        foreach ((string name, Module module) in Modules(model))
        {
            if (module is TensorQuantizer { IsEnabled: true, Descriptor.Amax: null } quantizer && known.Add(quantizer))
            {
                quantizers.Add((name, quantizer));
            }
        }

        return quantizers.Count > 0 ? quantizers : throw new InvalidOperationException(
            $"{model.GetName()} has no quantizer to calibrate. Calibrate the generated sibling of a model with [Quantize], not the model itself.");
    }

    /// <summary>The quantized weights of a model, with the names of their quantizers.</summary>
    public static IEnumerable<(string Name, QuantizedWeight Weight)> Weights(Module model)
    {
        HashSet<Module> known = [];
        foreach ((string name, Module module) in Modules(model))
        {
            if (module is not IQuantizedWeight weighted || !known.Add(module))
            {
                continue;
            }

            foreach (QuantizedWeight weight in weighted.QuantizedWeights)
            {
                yield return (name.Length == 0 ? weight.QuantizerName : $"{name}.{weight.QuantizerName}", weight);
            }
        }
    }

    // TorchSharp leaves out the model itself, which may be a single quantizer.
    private static IEnumerable<(string Name, Module Module)> Modules(Module model) => [("", model), .. model.named_modules()];
}
