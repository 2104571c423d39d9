namespace QuantGen.Checkpoints.Files;

/// <summary>Arithmetic on the shapes that a file states, which may be anything.</summary>
internal static class TensorShape
{
    /// <summary>The largest number of dimensions; PyTorch's own operations take no more.</summary>
    public const int LargestRank = 64;

    /// <summary>The number of elements; null where there is none, or more than can be addressed.</summary>
    public static long? Count(ReadOnlySpan<long> shape)
    {
        // Checked without the zeros too: LibTorch multiplies the sizes of empty tensors when it makes strides.
        Int128 product = 1;
        bool isEmpty = false;
        foreach (long size in shape)
        {
            if (size < 0 || shape.Length > LargestRank)
            {
                return null;
            }

            isEmpty |= size == 0;
            product *= Math.Max(size, 1);
            if (product > long.MaxValue / sizeof(double))
            {
                return null;
            }
        }

        return isEmpty ? 0 : (long)product;
    }

    /// <summary>The number of elements of memory from a tensor's first to its last one; null where strides are negative, or there are too many.</summary>
    public static long? Extent(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        Int128 last = 0;
        for (int i = 0; i < shape.Length; i++)
        {
            if (shape[i] == 0)
            {
                return 0;
            }

            last += (Int128)(shape[i] - 1) * strides[i];
            if (strides[i] < 0 || last >= long.MaxValue / sizeof(double))
            {
                return null;
            }
        }

        return (long)last + 1;
    }

    /// <summary>The strides of a tensor in row-major order.</summary>
    public static long[] RowMajor(ReadOnlySpan<long> shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    /// <summary>As messages show it.</summary>
    public static string Text(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
