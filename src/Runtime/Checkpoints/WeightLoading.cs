using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Brings trained weights into a quantized model.</summary>
public static class WeightLoading
{
    /// <summary>Copies parameters and buffers of the same name from a model, as a rule from the float model to its quantized sibling.</summary>
    /// <param name="model">The model to fill. Its quantizers' own state is left alone where the source has none.</param>
    /// <param name="source">The model to copy from.</param>
    /// <exception cref="ArgumentException">
    /// A name that only one of the two has, or a different shape; the message lists them, and nothing has been copied.
    /// </exception>
    public static void LoadWeights(this Module model, Module source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        Dictionary<string, Tensor> target = model.state_dict();
        Dictionary<string, Tensor> given = source.state_dict();
        HashSet<string> quantizerState = QuantizerState(model);
        string[] problems = StateComparison.Problems(target, given, mayBeMissing: quantizerState.Contains, mayBeNew: _ => false);
        if (problems.Length > 0)
        {
            throw new ArgumentException(
                $"The weights of {source.GetName()} do not fit {model.GetName()}: {string.Join("; ", problems)}. Nothing was copied.", nameof(source));
        }

        using (no_grad())
        {
            foreach ((string name, Tensor value) in given)
            {
                target[name].copy_(value);
            }
        }
    }

    private static HashSet<string> QuantizerState(Module model)
        => [.. model.named_modules()
            .Where(entry => entry.module is TensorQuantizer)
            .SelectMany(entry => entry.module.state_dict().Keys.Select(key => $"{entry.name}.{key}"))];
}
