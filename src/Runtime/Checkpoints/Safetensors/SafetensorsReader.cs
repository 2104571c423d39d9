using System.Buffers.Binary;
using System.Text.Json;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.Safetensors;

/// <summary>
/// Reads safetensors files: eight bytes with the header's length, the header, the values. Each byte of the values belongs to one tensor; a file with holes,
/// overlaps or a rest is damaged.
/// </summary>
internal static class SafetensorsReader
{
    /// <summary>The bytes of the header's length.</summary>
    public const int LengthBytes = sizeof(ulong);

    /// <summary>The longest header, as in the format's own implementation.</summary>
    public const int LongestHeader = 100_000_000;

    /// <summary>Whether a file starts like one of these. A length that cannot be tells nothing, unless the file's name does.</summary>
    public static bool Recognizes(MappedFile file)
        => file.Length > LengthBytes && file.Span(LengthBytes, 1)[0] == '{'
            && (HeaderLength(file) <= Math.Max((ulong)file.Length, LongestHeader) || file.Path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the tensors.</summary>
    /// <exception cref="CheckpointException">It is damaged, or has a type that is not read.</exception>
    public static StoredState Read(MappedFile file)
    {
        ulong length = HeaderLength(file);
        if (length > LongestHeader || (long)length > file.Length - LengthBytes)
        {
            throw CheckpointException.Damaged(
                file.Path, "byte 0", $"a header of {length} bytes is announced, but the file has {file.Length}, and no header has more than {LongestHeader}");
        }

        SafetensorsHeader header;
        try
        {
            header = SafetensorsHeader.Parse(file.Span(LengthBytes, (int)length));
        }
        catch (JsonException e)
        {
            throw CheckpointException.Damaged(file.Path, "the header", e.Message.TrimEnd('.'), e);
        }

        long values = LengthBytes + (long)length;
        CheckPlaces(file, header.Entries, file.Length - values);
        return new(CheckpointFormat.Safetensors, [.. header.Entries.Select(entry => Tensor(file, entry, values))]) { Metadata = header.Metadata };
    }

    private static ulong HeaderLength(MappedFile file) => BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, LengthBytes));

    private static void CheckPlaces(MappedFile file, List<SafetensorsEntry> entries, long available)
    {
        long end = 0;
        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            string place = $"tensor {CheckpointException.Quote(entry.Name)}";
            if (entry.Begin != end || entry.End < entry.Begin)
            {
                string between = entry.Begin < end ? "overlaps the one before it" : "leaves a hole before it";
                throw CheckpointException.Damaged(
                    file.Path, place, $"its bytes {entry.Begin} to {entry.End} are out of order, as it {between}, which ends at {end}");
            }

            if (entry.End > available)
            {
                throw CheckpointException.Damaged(file.Path, place, $"it ends at byte {entry.End}, but the file has {available} bytes of values");
            }

            end = entry.End;
        }

        if (end != available)
        {
            throw CheckpointException.Damaged(file.Path, "the end", $"{available - end} bytes belong to no tensor");
        }
    }

    private static StoredTensor Tensor(MappedFile file, SafetensorsEntry entry, long values)
    {
        ElementType type = ElementType.All.FirstOrDefault(known => known.Safetensors == entry.Type)
            ?? throw CheckpointException.Refused(
                file.Path,
                $"has the tensor {CheckpointException.Quote(entry.Name)} of type {CheckpointException.Quote(entry.Type)}, which is not read",
                $"Convert it to one of {string.Join(", ", ElementType.All.Select(known => known.Safetensors))}");
        return TensorShape.Count(entry.Shape) is { } count && count * type.Size == entry.End - entry.Begin
            ? new(file, entry.Name, type, entry.Shape, values + entry.Begin)
            : throw CheckpointException.Damaged(
                file.Path,
                $"tensor {CheckpointException.Quote(entry.Name)}",
                $"shape {TensorShape.Text(entry.Shape.Take(TensorShape.LargestRank))} of type {entry.Type} does not take the {entry.End - entry.Begin} bytes "
                    + "that it has");
    }
}
