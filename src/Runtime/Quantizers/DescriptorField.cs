namespace QuantGen.Quantizers;

/// <summary>One value of a descriptor's dictionary, read as what its key needs.</summary>
internal readonly record struct DescriptorField(string Key, object? Value)
{
    public string? Text() => Value is null or string ? (string?)Value : throw Wrong("text");

    public bool Flag() => Value is bool flag ? flag : throw Wrong("true or false");

    public double? Number() => Value switch
    {
        null => null,
        double number => number,
        int number => number,
        _ => throw Wrong("a number"),
    };

    public NumBits NumBits() => Value switch
    {
        int bits => bits,
        IReadOnlyList<object?> and [4, 3] => QuantGen.NumBits.E4M3,
        _ => throw Wrong("a number of bits, or [4, 3] for E4M3"),
    };

    public QuantAxes? Axes() => Value switch
    {
        null => null,
        int axis => axis,
        IReadOnlyList<object?> list when list.All(axis => axis is int) => QuantAxes.Create([.. list.Cast<int>()]),
        _ => throw Wrong("an axis or a list of axes"),
    };

    public AmaxValue? Amax()
    {
        List<long> shape = [];
        for (object? level = Value; level is IReadOnlyList<object?> list; level = list.Count > 0 ? list[0] : null)
        {
            shape.Add(list.Count);
        }

        return Value is null ? null : new([.. Flatten(Value, depth: shape.Count)], [.. shape]);
    }

    private IEnumerable<float> Flatten(object? value, int depth) => (value, depth) switch
    {
        (IReadOnlyList<object?> list, > 0) => FlattenAll(list, depth - 1),
        (double number, 0) => [(float)number],
        (int number, 0) => [number],
        _ => throw Wrong("a number, or lists of numbers of one length"),
    };

    private IEnumerable<float> FlattenAll(IReadOnlyList<object?> list, int depth)
    {
        foreach (object? item in list)
        {
            foreach (float value in Flatten(item, depth))
            {
                yield return value;
            }
        }
    }

    private ArgumentException Wrong(string wanted) => new($"The descriptor's field '{Key}' must be {wanted}, not '{Value ?? "null"}'.");
}
