using System.Text;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.Dat;

/// <summary>A place in one of TorchSharp's files. Numbers are written seven bits a byte from the lowest, as .NET's BinaryWriter does.</summary>
/// <param name="file">The file.</param>
internal sealed class DatCursor(MappedFile file)
{
    private const int BitsPerByte = 7, MostBits = 63;

    /// <summary>Where the next byte is.</summary>
    public long Position { get; private set; }

    /// <summary>How many tensors are behind it.</summary>
    public int Tensors { get; set; }

    /// <summary>The next number.</summary>
    public ulong Number()
    {
        ulong number = 0;
        for (int shift = 0; shift < MostBits && file.Has(Position, 1); shift += BitsPerByte)
        {
            byte next = file.Span(Position++, 1)[0];
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return number;
            }
        }

        throw NotOurs();
    }

    /// <summary>The next text.</summary>
    public string Text()
    {
        ulong length = Number();
        long start = Position;
        Skip(length > int.MaxValue ? null : (long)length);
        return Encoding.UTF8.GetString(file.Span(start, (int)length));
    }

    /// <summary>Passes over bytes; null is a count that cannot be.</summary>
    public void Skip(long? count)
    {
        if (count is not { } bytes || !file.Has(Position, bytes))
        {
            throw NotOurs();
        }

        Position += bytes;
    }

    /// <summary>What is at this place is not what TorchSharp writes.</summary>
    public CheckpointException NotOurs() => CheckpointException.Refused(
        file.Path,
        $"is not a file that TorchSharp's Module.save wrote, or it is damaged after {Tensors} tensors, at byte {Position}; "
            + "it is no .safetensors, .index.json, .pth or .pt file either",
        "Name a file of one of these kinds, or copy it again");
}
