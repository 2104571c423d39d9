namespace QuantGen.Checkpoints.PyTorch;

/// <summary>A record of a zip archive.</summary>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="Length">How many there are.</param>
/// <param name="IsPlain">Whether they are neither compressed nor encrypted.</param>
internal readonly record struct ZipRecord(long Offset, long Length, bool IsPlain);
