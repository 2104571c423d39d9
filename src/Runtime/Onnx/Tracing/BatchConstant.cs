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
        if (first.Type != ElementType.Float || second.Type != ElementType.Float || first.Shape.Length != second.Shape.Length
            || first.Shape.AsSpan().SequenceEqual(second.Shape))
        {
            return null;
        }

        BatchSize?[] sizes = [.. first.Shape.Zip(second.Shape, (a, b) => a == b ? new BatchSize(a) : factor.Of(a, b))];
        long[] once = [.. first.Shape.Zip(second.Shape, (a, b) => a == b ? a : 1)];
        return !sizes.Contains(null) && Once(first, once) is { } slice && Once(second, once) is { } other && slice.AsSpan().SequenceEqual(other)
            ? new(GraphConstant.Of(slice, once), [.. sizes.Select(size => size!.Value)])
            : null;
    }

    // The first values along the axes of which one index is wanted; null where others are not the same.
    private static float[]? Once(GraphConstant constant, long[] once)
    {
        float[] values = constant.Floats();
        float[] slice = new float[once.Aggregate(1L, (a, b) => a * b)];
        for (int i = values.Length - 1; i >= 0; i--)
        {
            slice[Position(i, constant.Shape, once)] = values[i];
        }

        return values.Where((value, i) => !value.Equals(slice[Position(i, constant.Shape, once)])).Any() ? null : slice;
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
