namespace QuantGen.Checkpoints.Pickle;

/// <summary>What a pickle names by its module and its name: a class, a function, a type.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>A tuple.</summary>
internal sealed record PickleTuple(object?[] Items);

/// <summary>A list or a set.</summary>
internal sealed class PickleList
{
    /// <summary>What is in it; made when there is something, since a damaged file may be nothing but empty lists.</summary>
    public List<object?> Items => field ??= [];
}

/// <summary>A dictionary in its order. Keys that are no texts name no weights, and are left out with their values.</summary>
internal sealed class PickleDictionary
{
    private Dictionary<string, object?>? _entries;

    /// <summary>The entries whose keys are texts.</summary>
    public IReadOnlyDictionary<string, object?> Entries => _entries ??= [];

    /// <summary>Sets an entry.</summary>
    public void Set(object? key, object? value)
    {
        if (key is string name)
        {
            (_entries ??= [])[name] = value;
        }
    }
}

/// <summary>A text or bytes of which nothing is read but that they are there, with their length.</summary>
internal sealed record PickleBytes(long Length);
