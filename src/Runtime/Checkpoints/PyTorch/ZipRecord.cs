namespace QuantGen.Checkpoints.PyTorch;

/// <summary>A record of a zip archive.</summary>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="Stored">How many there are in the file.</param>
/// <param name="Length">How many they were before they were compressed; as many where they were not.</param>
/// <param name="Method">How: 0 for not at all, 8 for deflate.</param>
/// <param name="IsEncrypted">Whether a password is needed.</param>
internal readonly record struct ZipRecord(long Offset, long Stored, long Length, ushort Method, bool IsEncrypted)
{
    /// <summary>Bytes as they are.</summary>
    public const ushort Plain = 0;

    /// <summary>The method that DeflateStream knows.</summary>
    public const ushort Deflate = 8;
}
