using QuantGen.Checkpoints.Pickle;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>Finds the weights in what a file holds: many have them in a dictionary beside the state of an optimizer and the number of the epoch.</summary>
internal sealed class StateDictionary
{
    // In this order, where a file has several. Averaged weights are taken where there are no others, or when they are asked for.
    private static readonly string[] s_containers =
    [
        "state_dict", "model_state_dict", "model", "net", "params", "ema", "ema_state_dict", "state_dict_ema", "model_ema", "params_ema",
    ];

    // A file can hold a dictionary twice or in itself, and each place of it counts.
    private const int DeepestNesting = 8, MostEntries = 1_000_000;

    private readonly Dictionary<string, TorchTensor> _tensors = [];
    private int _entries;

    /// <summary>The tensors; those in nested dictionaries have the keys of these before their names, with dots between.</summary>
    public IReadOnlyDictionary<string, TorchTensor> Tensors => _tensors;

    /// <summary>Under which keys they are; null for the top.</summary>
    public string? Container { get; private init; }

    /// <summary>Other keys with weights.</summary>
    public IReadOnlyList<string> Others { get; private init; } = [];

    /// <summary>Finds them.</summary>
    /// <param name="root">The value of the pickle.</param>
    /// <param name="container">The keys of the dictionary, with dots between; null to look for it.</param>
    /// <exception cref="FormatException">There is none.</exception>
    public static StateDictionary Find(object? root, string? container)
    {
        PickleDictionary whole = root as PickleDictionary ?? throw new FormatException("it holds no dictionary of tensors"), top = whole;
        List<string> path = [];
        IReadOnlyList<string> others = [];
        if (container is not null)
        {
            foreach (string key in container.Split('.'))
            {
                top = top.Entries.GetValueOrDefault(key) as PickleDictionary
                    ?? throw new FormatException($"it has no dictionary '{container}'; at its top it has {Keys(whole)}");
                path.Add(key);
            }
        }
        else
        {
            while (path.Count < DeepestNesting && !HasTensors(top) && s_containers.Where(key => Holds(top, key)).ToArray() is [var first, .. var rest])
            {
                (top, others) = ((PickleDictionary)top.Entries[first]!, [.. others, .. rest.Select(key => string.Join('.', path.Append(key)))]);
                path.Add(first);
            }
        }

        StateDictionary found = new() { Container = path.Count == 0 ? null : string.Join('.', path), Others = others };
        found.Add(top, "", 0);
        return found._tensors.Count > 0 ? found : throw new FormatException($"there are no tensors in it; at its top it has {Keys(whole)}");
    }

    private static bool HasTensors(PickleDictionary dictionary) => dictionary.Entries.Values.Any(value => value is TorchTensor);

    // Its own, or those of its parts.
    private static bool Holds(PickleDictionary dictionary, string key)
        => dictionary.Entries.GetValueOrDefault(key) is PickleDictionary inner
            && (HasTensors(inner) || inner.Entries.Values.OfType<PickleDictionary>().Any(HasTensors));

    private static string Keys(PickleDictionary dictionary)
    {
        const int MostShown = 12;
        string[] keys = [.. dictionary.Entries.Keys.Take(MostShown).Select(CheckpointException.Quote)];
        return keys.Length == 0 ? "nothing with a name" : string.Join(", ", keys) + (dictionary.Entries.Count > MostShown ? " and more" : "");
    }

    private void Add(PickleDictionary dictionary, string prefix, int depth)
    {
        foreach ((string key, object? value) in dictionary.Entries)
        {
            if (++_entries > MostEntries || depth > DeepestNesting)
            {
                throw new FormatException($"its dictionaries are nested deeper than {DeepestNesting}, or have more than {MostEntries} entries");
            }

            switch (value)
            {
                case TorchTensor tensor when !_tensors.TryAdd(prefix + key, tensor):
                    throw new FormatException($"the name {CheckpointException.Quote(prefix + key)} is there twice");
                case PickleDictionary inner:
                    Add(inner, $"{prefix}{key}.", depth + 1);
                    break;
            }
        }
    }
}
