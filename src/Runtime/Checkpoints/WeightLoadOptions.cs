namespace QuantGen;

/// <summary>How weights are loaded from a file.</summary>
public sealed record WeightLoadOptions
{
    /// <summary>Which name of the file is which of the model.</summary>
    public WeightNames Names { get; init; } = WeightNames.Default;

    /// <summary>Whether to load what fits and to report the rest, instead of an error. A file of which nothing fits is an error all the same.</summary>
    public bool Partial { get; init; }

    /// <summary>For PyTorch files: the keys of the dictionary with the weights, with dots between, such as "ema"; null to look for it.</summary>
    public string? Container { get; init; }
}
