using System.IO.Compression;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>
/// A compressed record of an archive. PyTorch writes none, but reads them, and TorchSharp.PyBridge writes them. It is expanded when it is read, to the length
/// that the archive says and no further.
/// </summary>
/// <param name="file">The archive.</param>
/// <param name="name">The record's name.</param>
/// <param name="record">Where it is.</param>
internal sealed class PackedRecord(MappedFile file, string name, ZipRecord record) : ByteSource(file.Path, record.Length)
{
    private byte[]? _expanded;

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Bytes(long offset, int count) => (_expanded ??= Expand()).AsSpan((int)offset, count);

    private byte[] Expand()
    {
        byte[] bytes = new byte[Length];
        try
        {
            using MemoryStream packed = new(file.Span(record.Offset, (int)record.Stored).ToArray());
            using DeflateStream stream = new(packed, CompressionMode.Decompress);
            stream.ReadExactly(bytes);
            return stream.ReadByte() < 0 ? bytes : throw Damaged(null);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Damaged(e);
        }
    }

    private CheckpointException Damaged(Exception? cause)
        => CheckpointException.Damaged(
            file.Path, $"record {CheckpointException.Quote(name)}", $"what was compressed is not the {Length} bytes that were announced", cause);
}
