namespace QuantGen.Onnx;

// The largest and the smallest elements.
public sealed partial class TracedTensor
{
    /// <summary>The largest element of all.</summary>
    public TracedTensor max() => Reduce("ReduceMax", Value.max(), null, keepdim: false);

    /// <summary>The largest elements along a dimension, and where they are.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public (TracedTensor values, TracedTensor indexes) max(long dim, bool keepdim = false) => (amax([dim], keepdim), argmax(dim, keepdim));

    /// <summary>The largest elements over dimensions.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    public TracedTensor amax(params long[] dims) => amax(dims, keepdim: false);

    /// <inheritdoc cref="amax(long[])"/>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    public TracedTensor amax(long[] dims, bool keepdim = false) => Reduce("ReduceMax", Value.amax(dims, keepdim), dims, keepdim);

    /// <inheritdoc cref="amax(long[], bool)"/>
    public TracedTensor amax(ReadOnlySpan<long> dims, bool keepdim = false) => amax(dims.ToArray(), keepdim);

    /// <summary>Where the largest element of all is, counted in row-major order.</summary>
    public TracedTensor argmax() => flatten(0).argmax(0);

    /// <summary>Where the largest elements along a dimension are, the first of equal ones.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public TracedTensor argmax(long dim, bool keepdim = false)
        => Record("ArgMax", Value.argmax(dim, keepdim), [this], ("axis", Axis(dim)), ("keepdims", keepdim ? 1 : 0));

    /// <summary>The smallest element of all.</summary>
    public TracedTensor min() => Reduce("ReduceMin", Value.min(), null, keepdim: false);

    /// <summary>The smallest elements along a dimension, and where they are.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public (TracedTensor values, TracedTensor indexes) min(long dim, bool keepdim = false) => (amin([dim], keepdim), argmin(dim, keepdim));

    /// <summary>The smallest elements over dimensions.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    public TracedTensor amin(params long[] dims) => amin(dims, keepdim: false);

    /// <inheritdoc cref="amin(long[])"/>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    public TracedTensor amin(long[] dims, bool keepdim = false) => Reduce("ReduceMin", Value.amin(dims, keepdim), dims, keepdim);

    /// <inheritdoc cref="amin(long[], bool)"/>
    public TracedTensor amin(ReadOnlySpan<long> dims, bool keepdim = false) => amin(dims.ToArray(), keepdim);

    /// <summary>Where the smallest element of all is, counted in row-major order.</summary>
    public TracedTensor argmin() => flatten(0).argmin(0);

    /// <summary>Where the smallest elements along a dimension are, the first of equal ones.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public TracedTensor argmin(long dim, bool keepdim = false)
        => Record("ArgMin", Value.argmin(dim, keepdim), [this], ("axis", Axis(dim)), ("keepdims", keepdim ? 1 : 0));
}
