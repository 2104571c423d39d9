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
        QuantizersByName.Place(target);
        (string Name, TensorQuantizer From, TensorQuantizer To)[] pairs = [.. Pairs(source, target)];
        HashSet<string> ofQuantizers = [.. QuantizerState(target), .. QuantizerState(source)];
        string[] problems =
        [
            .. to.Keys.Where(name => !from.ContainsKey(name) && !ofQuantizers.Contains(name)).Select(name => $"'{name}' is missing"),
            .. from.Keys.Where(name => !to.ContainsKey(name) && !ofQuantizers.Contains(name)).Select(name => $"'{name}' is unknown"),
            .. from.Where(entry => !ofQuantizers.Contains(entry.Key) && to.TryGetValue(entry.Key, out Tensor? mine) && !mine.shape.AsSpan().SequenceEqual(entry.Value.shape))
                .Select(entry => $"'{entry.Key}' has shape [{string.Join(", ", entry.Value.shape)}] instead of [{string.Join(", ", to[entry.Key].shape)}]"),
            .. pairs.SelectMany(pair => pair.To.StateProblems(pair.From.state_dict()).Select(problem => $"quantizer '{pair.Name}': {problem}")),
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

        foreach ((_, TensorQuantizer quantizer, TensorQuantizer same) in pairs)
        {
            same.TakeStateOf(quantizer);
        }
    }

    // Quantizers of one name whose ranges mean the same.
    private static IEnumerable<(string Name, TensorQuantizer From, TensorQuantizer To)> Pairs(Module source, Module target)
    {
        Dictionary<string, TensorQuantizer> quantizers = QuantizersByName.Of(target);
        foreach ((string name, TensorQuantizer quantizer) in QuantizersByName.Of(source))
        {
            if (quantizers.TryGetValue(name, out TensorQuantizer? same) && same.NumBits == quantizer.NumBits && same.NarrowRange == quantizer.NarrowRange
                && same.Descriptor.Affine == quantizer.Descriptor.Affine)
            {
                yield return (name, quantizer, same);
            }
        }
    }

    private static IEnumerable<string> QuantizerState(Module model)
        => QuantizersByName.Of(model).SelectMany(entry => entry.Value.state_dict().Keys.Select(key => QuantizersByName.Key(entry.Key, key)));
}
