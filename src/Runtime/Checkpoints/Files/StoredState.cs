namespace QuantGen.Checkpoints.Files;

/// <summary>What a file holds: its tensors in their order, and what is said beside them.</summary>
/// <param name="Format">The kind of file.</param>
/// <param name="Tensors">The tensors; no name is there twice.</param>
internal sealed record StoredState(CheckpointFormat Format, IReadOnlyList<StoredTensor> Tensors)
{
    /// <summary>Texts that the writer put beside the tensors.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The key under which the tensors are in a nested dictionary; null where they are at its top.</summary>
    public string? Container { get; init; }

    /// <summary>Other keys under which the file has weights.</summary>
    public IReadOnlyList<string> OtherContainers { get; init; } = [];
}
