using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.Pickle;

/// <summary>The bytes of a pickle, one after the other.</summary>
/// <param name="file">The file, or the record of it with the pickle.</param>
/// <param name="start">Where it starts there.</param>
/// <param name="end">Where it ends at the latest.</param>
/// <param name="name">What the pickle is called in messages.</param>
internal sealed class PickleInput(ByteSource file, long start, long end, string name)
{
    // Python writes integers of any length; the longest in a checkpoint is the magic number of its legacy format.
    private const int LongestInteger = 32;
    private const int LongestName = 1000;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Where the next byte is.</summary>
    public long Position { get; private set; } = start;

    /// <summary>An error at the last instruction.</summary>
    public CheckpointException Damaged(string problem, Exception? cause = null)
        => CheckpointException.Damaged(file.Path, $"{name}, byte {Position}", problem, cause);

    /// <summary>Something that is whole but not read.</summary>
    public CheckpointException Refused(string what)
        => CheckpointException.Refused(
            file.Path,
            $"has, in {name} at byte {Position}, {what}",
            "State dictionaries of tensors are read, and no code of a file is run; in Python, save the weights alone: torch.save(model.state_dict(), path)");

    /// <summary>The next bytes.</summary>
    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(end - Position) || count > int.MaxValue)
        {
            throw Damaged($"{count} bytes are announced, but {end - Position} are left");
        }

        ReadOnlySpan<byte> bytes = file.Span(Position, (int)count);
        Position += (long)count;
        return bytes;
    }

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    /// <summary>An integer of so many bytes: a long where it fits.</summary>
    public object Integer(ulong count)
    {
        if (count > LongestInteger)
        {
            throw Damaged($"an integer of {count} bytes is announced");
        }

        BigInteger value = new(Take(count));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    /// <summary>A text of so many bytes.</summary>
    public string Text(ulong count)
    {
        try
        {
            return s_strict.GetString(Take(count));
        }
        catch (DecoderFallbackException e)
        {
            throw Damaged("a text is not UTF-8", e);
        }
    }

    /// <summary>Bytes that are passed over.</summary>
    public PickleBytes Bytes(ulong count) => new(Take(count).Length);

    /// <summary>A text that ends with the line.</summary>
    public string Line()
    {
        ReadOnlySpan<byte> rest = file.Span(Position, (int)Math.Min(end - Position, LongestName));
        int length = rest.IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Damaged("a name has no end");
        }

        string text = Text((ulong)length);
        Position++;
        return text;
    }
}
