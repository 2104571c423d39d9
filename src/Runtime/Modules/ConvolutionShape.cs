using TorchSharp;

namespace QuantGen.Modules;

/// <summary>The geometry of a convolution: one entry for each spatial dimension.</summary>
/// <param name="Kernel">Kernel sizes.</param>
/// <param name="Stride">Strides.</param>
/// <param name="PaddingBefore">Padding before the first element.</param>
/// <param name="PaddingAfter">Padding after the last element.</param>
/// <param name="Dilation">Dilations.</param>
/// <param name="PaddingType">The name of the padding, where it is given by one.</param>
internal sealed record ConvolutionShape(long[] Kernel, long[] Stride, long[] PaddingBefore, long[] PaddingAfter, long[] Dilation, Padding? PaddingType = null)
{
    /// <summary>A geometry with the same padding before and after.</summary>
    public static ConvolutionShape Of(long[] kernel, long[] stride, long[] padding, long[] dilation) => new(kernel, stride, padding, padding, dilation);

    /// <summary>A geometry whose padding is named; "same" puts the odd element behind, as PyTorch does.</summary>
    /// <exception cref="ArgumentException">"Same" padding with a stride.</exception>
    public static ConvolutionShape Of(long[] kernel, long[] stride, Padding padding, long[] dilation)
    {
        long[] before = new long[kernel.Length], after = new long[kernel.Length];
        if (padding == Padding.Same)
        {
            if (stride.Any(step => step != 1))
            {
                throw new ArgumentException("Padding.Same keeps the size and is not possible with a stride other than 1.", nameof(padding));
            }

            for (int i = 0; i < kernel.Length; i++)
            {
                long total = dilation[i] * (kernel[i] - 1);
                (before[i], after[i]) = (total / 2, total - (total / 2));
            }
        }

        return new(kernel, stride, before, after, dilation, padding);
    }

    /// <summary>The padding as <c>functional.pad</c> takes it: last dimension first, before and after each.</summary>
    public long[] Pads() => [.. Enumerable.Range(1, Kernel.Length).SelectMany(i => new[] { PaddingBefore[^i], PaddingAfter[^i] })];

    /// <summary>The padding as ONNX takes it: before each dimension, then after each.</summary>
    public long[] PaddingOnBothSides() => [.. PaddingBefore, .. PaddingAfter];

    /// <summary>Whether the input has to be padded in a step of its own: the convolution itself pads with zeros, equally on both sides.</summary>
    public bool NeedsPadding(PaddingModes mode)
        => mode == PaddingModes.Zeros ? !PaddingBefore.AsSpan().SequenceEqual(PaddingAfter) : PaddingBefore.Concat(PaddingAfter).Any(size => size != 0);
}
