using System.Buffers.Binary;
using System.Text;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>
/// Where the records of a zip archive are (PKWARE's APPNOTE.TXT, section 4.3). PyTorch stores its records as they are, so that they can be read in place.
/// </summary>
internal static class ZipDirectory
{
    private const uint EndSignature = 0x06054b50, End64Signature = 0x06064b50, End64LocatorSignature = 0x07064b50;
    private const uint RecordSignature = 0x02014b50, LocalSignature = 0x04034b50;
    private const int EndLength = 22, End64Length = 56, End64LocatorLength = 20, RecordLength = 46, LocalLength = 30, LongestComment = ushort.MaxValue;
    private const ushort EncryptedFlag = 1;

    /// <summary>The records by name.</summary>
    /// <exception cref="CheckpointException">The archive is damaged.</exception>
    public static Dictionary<string, ZipRecord> Read(MappedFile file)
    {
        (long position, long count, long limit) = Directory(file);
        Dictionary<string, ZipRecord> records = [];
        for (long i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> record = Header(file, position, RecordLength, RecordSignature);
            int nameLength = UInt16(record, 28), extraLength = UInt16(record, 30);
            string name = Encoding.UTF8.GetString(file.Span(position + RecordLength, nameLength));
            ushort method = UInt16(record, 10);
            (long length, long stored, long offset) = Zip64.Sizes(file, record, file.Span(position + RecordLength + nameLength, extraLength));
            ReadOnlySpan<byte> local = Header(file, offset, LocalLength, LocalSignature);
            long data = offset + LocalLength + UInt16(local, 26) + UInt16(local, 28);
            ZipRecord found = new(data, stored, length, method, (UInt16(record, 8) & EncryptedFlag) != 0);
            if ((method == ZipRecord.Plain && length != stored) || data > limit || stored > limit - data || !records.TryAdd(name, found))
            {
                throw CheckpointException.Damaged(
                    file.Path, $"record {CheckpointException.Quote(name)}", $"its {stored} bytes are not in the archive, or it is there twice");
            }

            position += RecordLength + nameLength + extraLength + UInt16(record, 32);
        }

        CheckOverlaps(file, records);
        return records;
    }

    // Where the directory is, how many records it has, and where the records end.
    private static (long Position, long Count, long Limit) Directory(MappedFile file)
    {
        int searched = (int)Math.Min(file.Length, EndLength + LongestComment);
        ReadOnlySpan<byte> tail = file.Span(file.Length - searched, searched);
        for (int i = searched - EndLength; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[i..]) != EndSignature || UInt16(tail, i + 20) != searched - i - EndLength)
            {
                continue;
            }

            long end = file.Length - searched + i;
            (long position, long count) = (UInt32(tail, i + 16), UInt16(tail, i + 10));
            if (file.Has(end - End64LocatorLength, End64LocatorLength) && UInt32(file.Span(end - End64LocatorLength, 4), 0) == End64LocatorSignature)
            {
                long end64 = Zip64.Int64(file.Span(end - End64LocatorLength, End64LocatorLength), 8);
                ReadOnlySpan<byte> record = Header(file, end64, End64Length, End64Signature);
                (position, count) = (Zip64.Int64(record, 48), Zip64.Int64(record, 32));
            }

            return count >= 0 && count <= file.Length / RecordLength && file.Has(position, 0)
                ? (position, count, position)
                : throw CheckpointException.Damaged(file.Path, $"byte {end}", $"{count} records are announced at byte {position}");
        }

        throw CheckpointException.Damaged(file.Path, "the end", "an archive starts, but it has no directory at its end");
    }

    private static ReadOnlySpan<byte> Header(MappedFile file, long position, int length, uint signature)
    {
        ReadOnlySpan<byte> header = file.Span(position, length);
        return UInt32(header, 0) == signature
            ? header
            : throw CheckpointException.Damaged(file.Path, $"byte {position}", "a record of the archive should start there");
    }

    private static void CheckOverlaps(MappedFile file, Dictionary<string, ZipRecord> records)
    {
        long end = 0;
        foreach ((string name, ZipRecord record) in records.OrderBy(record => record.Value.Offset))
        {
            if (record.Offset < end)
            {
                throw CheckpointException.Damaged(
                    file.Path, $"record {CheckpointException.Quote(name)}", $"it starts at byte {record.Offset}, in the one before it");
            }

            end = record.Offset + record.Stored;
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
