using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Quantizers that no batch reached, for one reason.</summary>
public sealed record UnreachedGroup
{
    /// <summary>The module that they are in, by its name in the model; empty for the model itself.</summary>
    public required string Module { get; init; }

    /// <summary>Why no batch reached them, as a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>Their names in the model.</summary>
    public required IReadOnlyList<string> Quantizers { get; init; }

    /// <summary>Groups the quantizers without data by the outermost module of which no quantizer was reached.</summary>
    internal static IReadOnlyList<UnreachedGroup> Of(Module model, IEnumerable<(string Name, bool HasData, long Batches)> quantizers)
    {
        (string Name, bool HasData, long Batches)[] all = [.. quantizers];
        string[] reached = [.. all.Where(entry => entry.HasData || entry.Batches > 0).Select(entry => entry.Name)];
        return
        [
            .. all.Where(entry => !entry.HasData).GroupBy(entry => (Place: Outermost(entry.Name, reached), entry.Batches > 0))
                .OrderBy(group => group.Key.Place, StringComparer.Ordinal)
                .Select(group => new UnreachedGroup
                {
                    Module = group.Key.Place,
                    Reason = Why(model, group.Key.Place, [.. group.Select(entry => entry.Name)], group.Key.Item2),
                    Quantizers = [.. group.Select(entry => entry.Name)],
                }),
        ];
    }

    private static string Outermost(string name, string[] reached)
    {
        string[] parts = name.Split('.');
        for (int length = 1; length < parts.Length; length++)
        {
            string module = string.Join('.', parts[..length]);
            if (!Array.Exists(reached, other => other.StartsWith(module + ".", StringComparison.Ordinal)))
            {
                return module;
            }
        }

        return string.Join('.', parts[..^1]);
    }

    private static string Why(Module model, string place, string[] names, bool wasReached)
    {
        string module = place.Length == 0 ? $"The model ({model.GetName()})" : $"Module '{place}'";
        if (wasReached)
        {
            return $"{module} was called, but nothing of it was collected: its tensors have no elements, or its calibrator skipped their values.";
        }

        return names.All(name => name.Length > place.Length && !name[(place.Length + (place.Length == 0 ? 0 : 1))..].Contains('.')) && names.All(
            name => !IsLayers(name))
            ? $"{module} was called, if at all, without the operations that these quantizers belong to: a branch that was not taken."
            : $"No quantized layer of {char.ToLowerInvariant(module[0])}{module[1..]} was called: a branch that was not taken, or a part that only training uses.";
    }

    // The quantizers of a layer's own input and weight are reached whenever the layer is called.
    private static bool IsLayers(string name)
    {
        string last = name[(name.LastIndexOf('.') + 1)..];
        return last is "_input_quantizer" or "_weight_quantizer" || name.Contains("_quantizers.", StringComparison.Ordinal);
    }
}
