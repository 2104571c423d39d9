namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>The geometry of a pool: one entry for each spatial dimension. The padding behind is as large as a rounded-up output needs.</summary>
internal sealed record PoolingShape(long[] Kernel, long[] Stride, long[] Padding, long[] PaddingBehind, long[] Dilation)
{
    /// <summary>Whether rounding up gave windows that reach over the padding.</summary>
    public bool IsExtended => !Padding.AsSpan().SequenceEqual(PaddingBehind);

    /// <summary>The padding as ONNX wants it.</summary>
    public long[] Pads => [.. Padding, .. PaddingBehind];

    /// <summary>A geometry for an input and the output that TorchSharp computed from it.</summary>
    public static PoolingShape Of(long[] input, long[] output, long[] kernel, long[]? stride, long[]? padding, long[]? dilation)
    {
        int spatial = input.Length - 2;
        long[] kernels = Fill(kernel, spatial, 1);
        long[] strides = stride is null or { Length: 0 } ? kernels : Fill(stride, spatial, 1);
        long[] pads = Fill(padding, spatial, 0);
        long[] dilations = Fill(dilation, spatial, 1);
        long[] behind = new long[spatial];
        for (int i = 0; i < spatial; i++)
        {
            // PyTorch's ceil_mode drops a last window that starts in the padding, ONNX's does not; with the padding spelled out both agree.
            long reach = ((output[i + 2] - 1) * strides[i]) + (dilations[i] * (kernels[i] - 1)) + 1;
            behind[i] = Math.Max(pads[i], reach - input[i + 2] - pads[i]);
        }

        return new(kernels, strides, pads, behind, dilations);
    }

    private static long[] Fill(long[]? values, int count, long otherwise) => values switch
    {
        null or { Length: 0 } => [.. Enumerable.Repeat(otherwise, count)],
        { Length: 1 } => [.. Enumerable.Repeat(values[0], count)],
        _ => values,
    };
}
