using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuantGen.Checkpoints.Files;

/// <summary>A tensor in a file, whose place has been checked and whose values have not been touched.</summary>
/// <param name="Source">Where its bytes are.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">Its shape, of a number of elements that can be addressed.</param>
/// <param name="Offset">Where its first element is there, in bytes; little-endian.</param>
internal sealed record StoredTensor(ByteSource Source, string Name, ElementType Type, long[] Shape, long Offset)
{
    // Spans hold less than 2 GB; a multiple of every element's size.
    private const int ChunkBytes = 1 << 30;

    private readonly long[]? _strides;

    /// <summary>Its strides in elements, where they are not those of row-major order.</summary>
    public long[]? Strides
    {
        get => _strides;
        init => _strides = value is not null && value.AsSpan().SequenceEqual(TensorShape.RowMajor(Shape)) ? null : value;
    }

    /// <summary>The number of elements.</summary>
    public long Count => TensorShape.Count(Shape)!.Value;

    /// <summary>The number of elements of the file that it reaches over.</summary>
    public long Extent => Strides is null ? Count : TensorShape.Extent(Shape, Strides)!.Value;

    /// <summary>A new tensor with its values, on the CPU, in row-major order.</summary>
    /// <exception cref="CheckpointException">It is not in the file, or a bool is neither 0 nor 1.</exception>
    public Tensor Load()
    {
        using var scope = NewDisposeScope();
        long extent = Extent;
        if (!Source.Has(Offset, extent * Type.Size))
        {
            throw CheckpointException.Damaged(
                Source.Path, $"tensor {CheckpointException.Quote(Name)}", $"it ends behind its bytes, of which there are {Source.Length}");
        }

        Tensor flat = empty([extent], Type.Loaded);
        for (long done = 0; done < extent;)
        {
            int count = (int)Math.Min(extent - done, ChunkBytes / Math.Max(Type.Size, (int)flat.ElementSize));
            Convert(Source.Span(Offset + (done * Type.Size), count * Type.Size), flat.narrow(0, done, count).bytes);
            done += count;
        }

        Tensor shaped = Strides is null ? flat.reshape(Shape) : flat.as_strided(Shape, Strides, 0).contiguous();
        return shaped.MoveToOuterDisposeScope();
    }

    private void Convert(ReadOnlySpan<byte> from, Span<byte> to)
    {
        if (Type.IsFloat8)
        {
            Float8Values.Decode(Type, from, MemoryMarshal.Cast<byte, float>(to));
            return;
        }

        // Compilers and LibTorch take a bool for 0 or 1, and what another byte does is undefined.
        if (Type.Loaded == ScalarType.Bool && from.IndexOfAnyExceptInRange((byte)0, (byte)1) is >= 0 and int at)
        {
            throw CheckpointException.Damaged(Source.Path, $"tensor {CheckpointException.Quote(Name)}", $"a bool is {from[at]}, which is neither 0 nor 1");
        }

        from.CopyTo(to);
    }
}
