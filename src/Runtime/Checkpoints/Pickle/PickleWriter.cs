using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using static QuantGen.Checkpoints.Pickle.PickleOpcode;

namespace QuantGen.Checkpoints.Pickle;

/// <summary>Writes a pickle of protocol 2, which every Python reads, instruction by instruction.</summary>
internal sealed class PickleWriter
{
    private const byte Protocol = 2;

    private readonly List<byte> _bytes = [];

    public PickleWriter()
    {
        Put(Proto);
        _bytes.Add(Protocol);
    }

    /// <summary>The pickle, which ends here.</summary>
    public byte[] Finish()
    {
        Put(Stop);
        return _bytes.ToArray();
    }

    /// <summary>An instruction without an argument.</summary>
    public void Put(PickleOpcode opcode) => _bytes.Add((byte)opcode);

    /// <summary>A name.</summary>
    public void Name(string module, string name)
    {
        Put(Global);
        _bytes.AddRange(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));
    }

    /// <summary>A text.</summary>
    public void Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Put(BinUnicode);
        Int32(utf8.Length);
        _bytes.AddRange(utf8);
    }

    /// <summary>An integer.</summary>
    public void Integer(long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Put(BinInt);
            Int32((int)value);
            return;
        }

        byte[] bytes = new BigInteger(value).ToByteArray();
        Put(Long1);
        _bytes.Add((byte)bytes.Length);
        _bytes.AddRange(bytes);
    }

    /// <summary>A tuple of integers.</summary>
    public void Integers(ReadOnlySpan<long> values)
    {
        Put(Mark);
        foreach (long value in values)
        {
            Integer(value);
        }

        Put(PickleOpcode.Tuple);
    }

    private void Int32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        _bytes.AddRange(bytes);
    }
}
