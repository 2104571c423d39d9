using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Variances and standard deviations.
public sealed partial class TracedTensor
{
    /// <summary>The variance of all elements.</summary>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    public TracedTensor var(bool unbiased = true) => flatten(0).var(0L, unbiased);

    /// <summary>The standard deviation of all elements.</summary>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    public TracedTensor std(bool unbiased = true) => flatten(0).std(0L, unbiased);

    /// <summary>Variances over dimensions.</summary>
    /// <param name="dimensions">The dimensions; negative ones count from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => Spread(Axes(dimensions), unbiased, keepdim, type).As(type ?? dtype);

    /// <inheritdoc cref="var(long[], bool, bool, ScalarType?)"/>
    public TracedTensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => var(dimensions.ToArray(), unbiased, keepdim, type);

    /// <inheritdoc cref="var(long[], bool, bool, ScalarType?)"/>
    /// <param name="dim">The dimension, or dimensions; a negative one counts from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => var([dim], unbiased, keepdim, type);

    /// <inheritdoc cref="var(long[], bool, bool, ScalarType?)"/>
    /// <param name="dim">The dimension, or dimensions; a negative one counts from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => var([dim.Item1, dim.Item2], unbiased, keepdim, type);

    /// <inheritdoc cref="var(long[], bool, bool, ScalarType?)"/>
    /// <param name="dim">The dimension, or dimensions; a negative one counts from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor var((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => var([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

    /// <summary>Standard deviations over dimensions.</summary>
    /// <param name="dimensions">The dimensions; negative ones count from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => Spread(Axes(dimensions), unbiased, keepdim, type).sqrt();

    /// <inheritdoc cref="std(long[], bool, bool, ScalarType?)"/>
    public TracedTensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => std(dimensions.ToArray(), unbiased, keepdim, type);

    /// <inheritdoc cref="std(long[], bool, bool, ScalarType?)"/>
    /// <param name="dim">The dimension, or dimensions; a negative one counts from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => std([dim], unbiased, keepdim, type);

    /// <inheritdoc cref="std(long[], bool, bool, ScalarType?)"/>
    /// <param name="dim">The dimension, or dimensions; a negative one counts from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => std([dim.Item1, dim.Item2], unbiased, keepdim, type);

    /// <inheritdoc cref="std(long[], bool, bool, ScalarType?)"/>
    /// <param name="dim">The dimension, or dimensions; a negative one counts from the end.</param>
    /// <param name="unbiased">Whether squares are divided by one less than their number.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type in which it is computed; null for that of the elements.</param>
    public TracedTensor std((long, long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => std([dim.Item1, dim.Item2, dim.Item3], unbiased, keepdim, type);

    private TracedTensor Spread(long[] axes, bool unbiased, bool keepdim, ScalarType? type)
    {
        TracedTensor source = As(type ?? dtype);
        TracedTensor squares = source.sub(source.mean(axes, keepdim: true)).square();
        long count = axes.Aggregate(1L, (product, axis) => product * shape[axis]);
        return unbiased ? squares.sum(axes, keepdim).div(count - 1) : squares.mean(axes, keepdim);
    }
}
