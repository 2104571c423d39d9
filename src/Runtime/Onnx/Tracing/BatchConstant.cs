using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Tracing;

/// <summary>A constant that repeats the same values for each sample, such as the zeros that a state starts from.</summary>
/// <param name="Slice">The values once: of size 1 where it goes with the batch.</param>
/// <param name="Sizes">The sizes of the whole.</param>
internal sealed record BatchConstant(GraphConstant Slice, IReadOnlyList<BatchSize> Sizes)
{
    /// <summary>The constant from two runs; null where it is none of this kind.</summary>
    public static BatchConstant? Of(GraphConstant first, GraphConstant second, BatchFactor factor)
    {
        if (first.Type != second.Type || first.Shape.Length != second.Shape.Length || first.Shape.AsSpan().SequenceEqual(second.Shape)
            || first.Bytes.Length == 0 || second.Bytes.Length == 0)
        {
            return null;
        }

        BatchSize?[] sizes = [.. first.Shape.Zip(second.Shape, (a, b) => a == b ? new BatchSize(a) : factor.Of(a, b))];
        long[] once = [.. first.Shape.Zip(second.Shape, (a, b) => a == b ? a : 1)];
        return !sizes.Contains(null) && Once(first, once) is { } slice && Once(second, once) is { } other && slice.AsSpan().SequenceEqual(other)
            ? new(GraphConstant.Of(first.Type, slice, once), [.. sizes.Select(size => size!.Value)])
            : null;
    }

    // The first values along the axes of which one index is wanted; null where others are not the same.
    private static byte[]? Once(GraphConstant constant, long[] once)
    {
        long count = constant.Shape.Aggregate(1L, (a, b) => a * b);
        int size = (int)(constant.Bytes.Length / count);
        byte[] slice = new byte[once.Aggregate(1L, (a, b) => a * b) * size];
        for (long i = count - 1; i >= 0; i--)
        {
            Element(constant.Bytes, i).CopyTo(Element(slice, Position(i, constant.Shape, once)));
        }

        for (long i = 0; i < count; i++)
        {
            if (!Element(constant.Bytes, i).SequenceEqual(Element(slice, Position(i, constant.Shape, once))))
            {
                return null;
            }
        }

        return slice;

        Span<byte> Element(byte[] bytes, long index) => bytes.AsSpan((int)(index * size), size);
    }

    private static long Position(long index, long[] shape, long[] once)
    {
        (long position, long stride) = (0, 1);
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            position += once[axis] == shape[axis] ? index % shape[axis] * stride : 0;
            (index, stride) = (index / shape[axis], stride * once[axis]);
        }

        return position;
    }
}
