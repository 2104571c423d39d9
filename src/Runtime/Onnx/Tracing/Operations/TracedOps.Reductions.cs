using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Reductions over dimensions.
public static partial class TracedOps
{
    /// <inheritdoc cref="TracedTensor.sum(ScalarType?)"/>
    public static TracedTensor sum(TracedTensor input, ScalarType? type = null) => input.sum(type);

    /// <inheritdoc cref="TracedTensor.sum(long, bool, ScalarType?)"/>
    public static TracedTensor sum(TracedTensor input, long dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);

    /// <inheritdoc cref="TracedTensor.sum(long[], bool, ScalarType?)"/>
    public static TracedTensor sum(TracedTensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => input.sum(dim, keepdim, type);

    /// <inheritdoc cref="TracedTensor.prod(ScalarType?)"/>
    public static TracedTensor prod(TracedTensor input, ScalarType? type = null) => input.prod(type);

    /// <inheritdoc cref="TracedTensor.norm(float)"/>
    public static TracedTensor norm(TracedTensor input, float p = 2) => input.norm(p);

    /// <inheritdoc cref="TracedTensor.norm(int, bool, float)"/>
    public static TracedTensor norm(TracedTensor input, int dimension, bool keepdim = false, float p = 2) => input.norm(dimension, keepdim, p);

    /// <inheritdoc cref="TracedTensor.logsumexp"/>
    public static TracedTensor logsumexp(TracedTensor input, long dim, bool keepdim = false) => input.logsumexp(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.cumsum"/>
    public static TracedTensor cumsum(TracedTensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    /// <inheritdoc cref="TracedTensor.all()"/>
    public static TracedTensor all(TracedTensor input) => input.all();

    /// <inheritdoc cref="TracedTensor.all(long, bool)"/>
    public static TracedTensor all(TracedTensor input, long dim, bool keepdim = false) => input.all(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.any()"/>
    public static TracedTensor any(TracedTensor input) => input.any();

    /// <inheritdoc cref="TracedTensor.any(long, bool)"/>
    public static TracedTensor any(TracedTensor input, long dim, bool keepdim = false) => input.any(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.max()"/>
    public static TracedTensor max(TracedTensor input) => input.max();

    /// <inheritdoc cref="TracedTensor.max(long, bool)"/>
    public static (TracedTensor values, TracedTensor indexes) max(TracedTensor input, long dim, bool keepdim = false) => input.max(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.amax(long[], bool)"/>
    public static TracedTensor amax(TracedTensor input, long[] dims, bool keepdim = false) => input.amax(dims, keepdim);

    /// <inheritdoc cref="TracedTensor.amax(long[], bool)"/>
    public static TracedTensor amax(TracedTensor input, ReadOnlySpan<long> dims, bool keepdim = false) => input.amax(dims, keepdim);

    /// <inheritdoc cref="TracedTensor.argmax()"/>
    public static TracedTensor argmax(TracedTensor input) => input.argmax();

    /// <inheritdoc cref="TracedTensor.argmax(long, bool)"/>
    public static TracedTensor argmax(TracedTensor input, long dim, bool keepdim = false) => input.argmax(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.min()"/>
    public static TracedTensor min(TracedTensor input) => input.min();

    /// <inheritdoc cref="TracedTensor.min(long, bool)"/>
    public static (TracedTensor values, TracedTensor indexes) min(TracedTensor input, long dim, bool keepdim = false) => input.min(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.amin(long[], bool)"/>
    public static TracedTensor amin(TracedTensor input, long[] dims, bool keepdim = false) => input.amin(dims, keepdim);

    /// <inheritdoc cref="TracedTensor.amin(long[], bool)"/>
    public static TracedTensor amin(TracedTensor input, ReadOnlySpan<long> dims, bool keepdim = false) => input.amin(dims, keepdim);

    /// <inheritdoc cref="TracedTensor.argmin()"/>
    public static TracedTensor argmin(TracedTensor input) => input.argmin();

    /// <inheritdoc cref="TracedTensor.argmin(long, bool)"/>
    public static TracedTensor argmin(TracedTensor input, long dim, bool keepdim = false) => input.argmin(dim, keepdim);

    /// <inheritdoc cref="TracedTensor.var(bool)"/>
    public static TracedTensor var(TracedTensor input, bool unbiased = true) => input.var(unbiased);

    /// <inheritdoc cref="TracedTensor.var(long[], bool, bool, ScalarType?)"/>
    public static TracedTensor var(TracedTensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.var(long, bool, bool, ScalarType?)"/>
    public static TracedTensor var(TracedTensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.var(ValueTuple{long, long}, bool, bool, ScalarType?)"/>
    public static TracedTensor var(TracedTensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.var(ValueTuple{long, long, long}, bool, bool, ScalarType?)"/>
    public static TracedTensor var(TracedTensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.var(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.std(bool)"/>
    public static TracedTensor std(TracedTensor input, bool unbiased = true) => input.std(unbiased);

    /// <inheritdoc cref="TracedTensor.std(long[], bool, bool, ScalarType?)"/>
    public static TracedTensor std(TracedTensor input, long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.std(long, bool, bool, ScalarType?)"/>
    public static TracedTensor std(TracedTensor input, long dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.std(ValueTuple{long, long}, bool, bool, ScalarType?)"/>
    public static TracedTensor std(TracedTensor input, (long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.std(ValueTuple{long, long, long}, bool, bool, ScalarType?)"/>
    public static TracedTensor std(TracedTensor input, (long, long, long) dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null)
        => input.std(dimensions, unbiased, keepdim, type);

    /// <inheritdoc cref="TracedTensor.mean()"/>
    public static TracedTensor mean(TracedTensor input) => input.mean();

    /// <inheritdoc cref="TracedTensor.mean(long[], bool, ScalarType?)"/>
    public static TracedTensor mean(TracedTensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null)
        => input.mean(dimensions, keepdim, type);
}
