namespace QuantGen;

/// <summary>Where the bins of a histogram lie, and how they grow.</summary>
public enum HistogramMode
{
    /// <summary>Widths are powers of two and grow by doubling: exact, independent of order, mergeable, and the fastest. See <see cref="Histogram"/>.</summary>
    Doubling,

    /// <summary>The bins of pytorch-quantization with <c>torch_hist=True</c>: from 0 to the largest value of the first batch, then more of them.</summary>
    ReferenceTorch,

    /// <summary>
    /// The bins of pytorch-quantization with <c>torch_hist=False</c>: from the smallest to the largest absolute value of the first batch, then more of them.
    /// Later values below the first batch's smallest are not counted.
    /// </summary>
    ReferenceNumpy,
}
