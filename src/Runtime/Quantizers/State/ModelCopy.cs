using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Quantizers.State;

/// <summary>Copies a model's parameters and buffers into a model of the same structure, of which either may have quantizers that the other has not.</summary>
internal static class ModelCopy
{
    /// <summary>Copies, or changes nothing.</summary>
    /// <exception cref="ArgumentException">A name that only one of the two has, or a different shape.</exception>
    public static void Run(Module source, Module target)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, Tensor> to = target.state_dict(), from = source.state_dict();
        HashSet<string> ofQuantizers = [.. QuantizerState(target), .. QuantizerState(source)];
        string[] problems =
        [
            .. to.Keys.Where(name => !from.ContainsKey(name) && !ofQuantizers.Contains(name)).Select(name => $"'{name}' is missing"),
            .. from.Keys.Where(name => !to.ContainsKey(name) && !ofQuantizers.Contains(name)).Select(name => $"'{name}' is unknown"),
            .. from.Where(entry => !ofQuantizers.Contains(entry.Key) && to.TryGetValue(entry.Key, out Tensor? mine) && !mine.shape.AsSpan().SequenceEqual(entry.Value.shape))
                .Select(entry => $"'{entry.Key}' has shape [{string.Join(", ", entry.Value.shape)}] instead of [{string.Join(", ", to[entry.Key].shape)}]"),
        ];
        if (problems.Length > 0)
        {
            throw new ArgumentException(
                $"The weights of {source.GetName()} do not fit {target.GetName()}: {string.Join("; ", problems)}. Nothing was copied.", nameof(source));
        }

        using var noGrad = no_grad();
        foreach ((string name, Tensor value) in from.Where(entry => !ofQuantizers.Contains(entry.Key)))
        {
            to[name].copy_(value);
        }

        Dictionary<string, TensorQuantizer> quantizers = Quantizers(target);
        foreach ((string name, TensorQuantizer quantizer) in Quantizers(source))
        {
            if (quantizers.TryGetValue(name, out TensorQuantizer? same) && same.Format.NumBits == quantizer.Format.NumBits && same.NarrowRange == quantizer.NarrowRange)
            {
                same.TakeStateOf(quantizer);
            }
        }
    }

    private static Dictionary<string, TensorQuantizer> Quantizers(Module model)
    {
        Dictionary<string, TensorQuantizer> quantizers = [];
        foreach ((string name, Module module) in model.named_modules())
        {
            if (module is TensorQuantizer quantizer)
            {
                quantizers.TryAdd(name, quantizer);
            }
        }

        return quantizers;
    }

    private static IEnumerable<string> QuantizerState(Module model)
        => Quantizers(model).SelectMany(entry => entry.Value.state_dict().Keys.Select(key => $"{entry.Key}.{key}"));
}
