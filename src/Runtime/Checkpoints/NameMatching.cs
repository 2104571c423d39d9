namespace QuantGen.Checkpoints;

/// <summary>Finds the place in the model of each tensor of a file, by names alone.</summary>
internal sealed class NameMatching
{
    // What modules of PyTorch are wrapped in: DataParallel, compile, Lightning.
    private static readonly string[] s_wrappers = ["module.", "_orig_mod.", "model."];

    // The counter that PyTorch's AveragedModel has beside its module.
    private const string AverageCount = "n_averaged";

    private readonly Dictionary<string, string> _places = [];
    private readonly List<IgnoredWeight> _ignored = [];
    private readonly List<string> _unexpected = [];

    /// <summary>The names in the model, each with the one in the file.</summary>
    public IReadOnlyDictionary<string, string> Places => _places;

    /// <summary>What is left out.</summary>
    public IReadOnlyList<IgnoredWeight> Ignored => _ignored;

    /// <summary>Names of the file that the model does not have.</summary>
    public IReadOnlyList<string> Unexpected => _unexpected;

    /// <summary>Matches names.</summary>
    /// <param name="file">The names in the file.</param>
    /// <param name="model">The names in the model.</param>
    /// <param name="names">The rules.</param>
    /// <exception cref="ArgumentException">Two names of the file are one in the model.</exception>
    public static NameMatching Run(IReadOnlyCollection<string> file, ModelNames model, WeightNames names)
    {
        NameMatching matching = new();
        int wrapper = names.KnowsHabits ? Wrapper(file, model) : 0;
        List<(string File, string Model)> open = [];
        foreach (string name in file)
        {
            string unwrapped = name == AverageCount ? name : name[wrapper..];
            if (!names.TryApply(name, out string? renamed) && !names.TryApply(unwrapped, out renamed) && wrapper > 0 && name == AverageCount)
            {
                matching._ignored.Add(new(name, "it counts averages"));
            }
            else if (renamed is null)
            {
                matching._ignored.Add(new(name, "a rule leaves it out"));
            }
            else if (model.All.Contains(renamed))
            {
                matching.Place(renamed, name);
            }
            else
            {
                open.Add((name, renamed));
            }
        }

        foreach ((string name, string renamed) in open)
        {
            matching.PlaceByHabit(name, renamed, model, names);
        }

        return matching;
    }

    // How many letters wrappers put in front of every name.
    private static int Wrapper(IReadOnlyCollection<string> file, ModelNames model)
    {
        int length = 0;
        string[] wrapped = [.. file.Where(name => name != AverageCount)];
        while (wrapped.Length > 0
            && s_wrappers.FirstOrDefault(wrapper => Array.TrueForAll(wrapped, name => name.AsSpan(length).StartsWith(wrapper))) is { } found
            && !model.All.Any(name => name.StartsWith(wrapped[0][length..(length + found.Length)], StringComparison.Ordinal)))
        {
            length += found.Length;
        }

        return length;
    }

    private void PlaceByHabit(string name, string renamed, ModelNames model, WeightNames names)
    {
        if (names.KnowsHabits && model.ByHabit(renamed) is { } habit && !_places.ContainsKey(habit))
        {
            Place(habit, name);
        }
        else if (ModelNames.IsOfQuantizer(renamed))
        {
            _ignored.Add(new(name, IgnoredWeight.NoQuantizer));
        }
        else if (renamed.EndsWith(".num_batches_tracked", StringComparison.Ordinal))
        {
            _ignored.Add(new(name, "the model counts no batches there"));
        }
        else
        {
            _unexpected.Add(name);
        }
    }

    private void Place(string model, string file)
    {
        if (!_places.TryAdd(model, file))
        {
            throw new ArgumentException($"The file's '{file}' and '{_places[model]}' are both '{model}' in the model; leave one out with WeightNames.Ignore.");
        }
    }
}
