using System.Buffers.Binary;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.PyTorch;

/// <summary>The numbers of a zip archive that do not fit into 32 bits, and are kept in an extra field (PKWARE's APPNOTE.TXT, section 4.5.3).</summary>
internal static class Zip64
{
    private const ushort ExtraId = 1;
    private const int ExtraHeader = 4;

    /// <summary>The length, the stored length and the place of a record.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="record">The record's entry in the directory.</param>
    /// <param name="extra">Its extra fields.</param>
    public static (long Length, long Stored, long Offset) Sizes(MappedFile file, ReadOnlySpan<byte> record, ReadOnlySpan<byte> extra)
    {
        ReadOnlySpan<byte> wide = Field(extra);
        int taken = 0;
        return (Next(24, record, wide), Next(20, record, wide), Next(42, record, wide));

        // The field has those numbers only that are all ones in the entry, in this order.
        long Next(int at, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> field)
        {
            uint narrow = BinaryPrimitives.ReadUInt32LittleEndian(entry[at..]);
            if (narrow != uint.MaxValue)
            {
                return narrow;
            }

            taken += sizeof(long);
            return field.Length >= taken && Int64(field, taken - sizeof(long)) is >= 0 and long value
                ? value
                : throw CheckpointException.Damaged(file.Path, "the archive's directory", "a number of 64 bits is missing or absurd");
        }
    }

    /// <summary>A number of 64 bits.</summary>
    public static long Int64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= ExtraHeader)
        {
            ushort id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]), extra.Length - ExtraHeader);
            if (id == ExtraId)
            {
                return extra.Slice(ExtraHeader, length);
            }

            extra = extra[(ExtraHeader + length)..];
        }

        return [];
    }
}
