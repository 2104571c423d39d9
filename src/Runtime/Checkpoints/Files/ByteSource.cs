namespace QuantGen.Checkpoints.Files;

/// <summary>Bytes of a file, each access to which is checked against their number.</summary>
/// <param name="path">The file as it was given.</param>
/// <param name="length">How many there are.</param>
internal abstract class ByteSource(string path, long length)
{
    /// <summary>The file as it was given.</summary>
    public string Path { get; } = path;

    /// <summary>How many bytes there are.</summary>
    public long Length { get; } = length;

    /// <summary>Whether there is such a range.</summary>
    public bool Has(long offset, long count) => offset >= 0 && count >= 0 && offset <= Length - count;

    /// <summary>Bytes, valid until the file is closed.</summary>
    /// <exception cref="CheckpointException">They are not there.</exception>
    public ReadOnlySpan<byte> Span(long offset, int count)
        => Has(offset, count)
            ? Bytes(offset, count)
            : throw CheckpointException.Damaged(Path, $"byte {offset}", $"{count} bytes are announced, but it ends at byte {Length}");

    /// <summary>Bytes that are there.</summary>
    protected abstract ReadOnlySpan<byte> Bytes(long offset, int count);
}
