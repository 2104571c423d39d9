using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace QuantGen.Onnx.Graph;

/// <summary>The data of a constant tensor, as an ONNX file stores it: row-major, little-endian.</summary>
internal sealed class GraphConstant
{
    private GraphConstant(ElementType type, long[] shape, byte[] bytes) => (Type, Shape, Bytes) = (type, shape, bytes);

    /// <summary>The type of the elements.</summary>
    public ElementType Type { get; }

    /// <summary>The shape; empty for one number.</summary>
    public long[] Shape { get; }

    /// <summary>The elements.</summary>
    public byte[] Bytes { get; }

    /// <summary>Elements of any type, in bytes.</summary>
    public static GraphConstant Of(ElementType type, byte[] bytes, params long[] shape) => new(type, shape, bytes);

    /// <summary>Floats of a shape.</summary>
    public static GraphConstant Of(ReadOnlySpan<float> values, params long[] shape)
    {
        byte[] bytes = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), values[i]);
        }

        return new(ElementType.Float, shape, bytes);
    }

    /// <summary>32-bit integers of a shape.</summary>
    public static GraphConstant Of(ReadOnlySpan<int> values, params long[] shape)
    {
        byte[] bytes = new byte[values.Length * sizeof(int)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(i * sizeof(int)), values[i]);
        }

        return new(ElementType.Int32, shape, bytes);
    }

    /// <summary>64-bit integers of a shape.</summary>
    public static GraphConstant Of(ReadOnlySpan<long> values, params long[] shape)
    {
        byte[] bytes = new byte[values.Length * sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return new(ElementType.Int64, shape, bytes);
    }

    /// <summary>Signed 8-bit integers of a shape.</summary>
    public static GraphConstant Of(ReadOnlySpan<sbyte> values, params long[] shape)
        => new(ElementType.Int8, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Unsigned 8-bit integers of a shape.</summary>
    public static GraphConstant Of(ReadOnlySpan<byte> values, params long[] shape) => new(ElementType.UInt8, shape, values.ToArray());

    /// <summary>The elements of a float constant; a copy.</summary>
    public float[] Floats()
    {
        float[] values = new float[Bytes.Length / sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(Bytes.AsSpan(i * sizeof(float)));
        }

        return values;
    }

    /// <summary>The elements of a constant of 64-bit integers; a copy.</summary>
    public long[] Integers()
    {
        long[] values = new long[Bytes.Length / sizeof(long)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(i * sizeof(long)));
        }

        return values;
    }

    /// <summary>The elements of an int8 constant; a copy.</summary>
    public sbyte[] SignedBytes() => MemoryMarshal.Cast<byte, sbyte>(Bytes).ToArray();
}
