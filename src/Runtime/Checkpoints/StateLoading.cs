namespace QuantGen;

/// <summary>What loading a state left open.</summary>
public sealed record StateLoading
{
    /// <summary>
    /// The names of enabled quantizers for which neither the model nor the state had a range: they quantize each input by its own range until they are
    /// calibrated.
    /// Empty for the state of a model that was calibrated and reached all of them.
    /// </summary>
    public IReadOnlyList<string> WithoutRange { get; init; } = [];

    /// <summary>What was loaded from which file; null where the state did not come from a file.</summary>
    public WeightReport? Weights { get; init; }

    /// <summary>One line.</summary>
    public override string ToString()
        => WithoutRange.Count == 0 ? "Every quantizer has a range." : $"{WithoutRange.Count} quantizers have no range: {string.Join(", ", WithoutRange)}.";
}
