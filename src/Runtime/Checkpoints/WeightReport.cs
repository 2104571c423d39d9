namespace QuantGen;

/// <summary>What loading weights did, or, in a <see cref="WeightMismatchException"/>, would have done.</summary>
public sealed record WeightReport
{
    /// <summary>The file.</summary>
    public required string Path { get; init; }

    /// <summary>The kind of file.</summary>
    public required CheckpointFormat Format { get; init; }

    /// <summary>Under which keys of the file the tensors are; null where they are at its top.</summary>
    public string? Container { get; init; }

    /// <summary>Other keys under which the file has weights, which were not read.</summary>
    public IReadOnlyList<string> OtherContainers { get; init; } = [];

    /// <summary>The names in the model of what was loaded, ranges of quantizers included.</summary>
    public IReadOnlyList<string> Loaded { get; init; } = [];

    /// <summary>Those of them that have another name in the file.</summary>
    public IReadOnlyList<RenamedWeight> Renamed { get; init; } = [];

    /// <summary>Tensors of the file that were left out on purpose: by a rule, or since the model has no such quantizer or counter.</summary>
    public IReadOnlyList<IgnoredWeight> Ignored { get; init; } = [];

    /// <summary>Names that only the model has; they keep their values.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Names that only the file has.</summary>
    public IReadOnlyList<string> Unexpected { get; init; } = [];

    /// <summary>Tensors of another shape or kind than their place.</summary>
    public IReadOnlyList<MisfittingWeight> Misfitting { get; init; } = [];

    /// <summary>Whether each parameter and buffer of the model was in the file, and the other way round.</summary>
    public bool IsComplete => Missing.Count == 0 && Unexpected.Count == 0 && Misfitting.Count == 0;

    /// <summary>One line.</summary>
    public override string ToString()
        => $"{Loaded.Count} tensors loaded from '{Path}'{(Container is null ? "" : $" under '{Container}'")}: {Renamed.Count} renamed, "
            + $"{Ignored.Count} ignored, {Missing.Count} missing, {Unexpected.Count} unexpected, {Misfitting.Count} misfitting.";
}
