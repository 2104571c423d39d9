using System.Runtime.CompilerServices;
using QuantGen.Onnx.Tracing;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Indexers have the name that TorchSharp's have in metadata.
public sealed partial class TracedTensor
{
    /// <summary>The elements at indices, ranges and so on, one for each dimension from the first on: a view, but for tensors of indices.</summary>
    /// <param name="indices">Numbers, ranges, slices, <c>TensorIndex.Ellipsis</c>, <c>TensorIndex.None</c> or constant tensors.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[params TensorIndex[] indices]
    {
        get => index(indices);
        set => index_put_(value, indices);
    }

    /// <summary>The elements at the indices in a tensor, one tensor for each dimension: a copy.</summary>
    /// <param name="indices">Integers; negative ones count from the end.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[params TracedTensor[] indices]
    {
        get => index(indices);
        set => index_put_(value, indices);
    }

    /// <summary>The part at an index of the first dimension: a view.</summary>
    /// <param name="i1">The index; a negative one counts from the end.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[long i1]
    {
        get => At(i1);
        set => At(i1).copy_(value);
    }

    /// <summary>The part at indices of the first dimensions: a view.</summary>
    /// <param name="i1">The index of the first dimension; a negative one counts from the end.</param>
    /// <param name="i2">The index of the second.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[long i1, long i2]
    {
        get => At(i1, i2);
        set => At(i1, i2).copy_(value);
    }

    /// <inheritdoc cref="this[long, long]"/>
    /// <param name="i1">The index of the first dimension; a negative one counts from the end.</param>
    /// <param name="i2">The index of the second.</param>
    /// <param name="i3">The index of the third.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[long i1, long i2, long i3]
    {
        get => At(i1, i2, i3);
        set => At(i1, i2, i3).copy_(value);
    }

    /// <inheritdoc cref="this[long, long]"/>
    /// <param name="i1">The index of the first dimension; a negative one counts from the end.</param>
    /// <param name="i2">The index of the second.</param>
    /// <param name="i3">The index of the third.</param>
    /// <param name="i4">The index of the fourth.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[long i1, long i2, long i3, long i4]
    {
        get => At(i1, i2, i3, i4);
        set => At(i1, i2, i3, i4).copy_(value);
    }

    /// <inheritdoc cref="this[long, long]"/>
    /// <param name="indices">The indices.</param>
    [IndexerName("TensorItems")]
    public TracedTensor this[params long[] indices]
    {
        get => At(indices);
        set => At(indices).copy_(value);
    }

    /// <inheritdoc cref="this[TensorIndex[]]"/>
    public TracedTensor index(params TensorIndex[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return TracedIndexing.Get(this, [.. indices.Select(IndexItem.Of)]);
    }

    /// <inheritdoc cref="this[TracedTensor[]]"/>
    public TracedTensor index(params TracedTensor[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return TracedIndexing.Get(this, [.. indices.Select(index => new IndexItem(IndexKind.Tensor, Tensor: index))]);
    }

    /// <summary>Puts values where <c>x[…]</c> reads them, in place.</summary>
    /// <param name="value">The values, or one for all.</param>
    /// <param name="indices">Indices as in <c>x[…]</c>; of tensors, one of truth values.</param>
    public TracedTensor index_put_(TracedTensor value, params TensorIndex[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return TracedIndexing.Set(this, value, [.. indices.Select(IndexItem.Of)]);
    }

    /// <inheritdoc cref="index_put_(TracedTensor, TensorIndex[])"/>
    public TracedTensor index_put_(TracedTensor value, params TracedTensor[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return TracedIndexing.Set(this, value, [.. indices.Select(index => new IndexItem(IndexKind.Tensor, Tensor: index))]);
    }

    /// <summary>The part at one index of a dimension, which goes away: a view.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="index">The index; a negative one counts from the end.</param>
    public TracedTensor select(long dim, long index)
    {
        int axis = Axis(dim);
        long size = shape[axis];
        if (index < -size || index >= size)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"Dimension {axis} of shape [{string.Join(", ", shape)}] has no such index.");
        }

        return View(new TracedView.Slice(axis, index, index == -1 ? null : index + 1, 1)).View(new TracedView.Squeeze([axis]));
    }

    /// <summary>Some indices of a dimension, one after the other: a view.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="start">The first; a negative one counts from the end.</param>
    /// <param name="length">How many.</param>
    public TracedTensor narrow(long dim, long start, long length)
    {
        int axis = Axis(dim);
        long size = shape[axis], first = start < 0 ? start + size : start;
        if (first < 0 || length < 0 || first + length > size)
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), start, $"Dimension {axis} of shape [{string.Join(", ", shape)}] has no {length} indices from there on.");
        }

        return View(new TracedView.Slice(axis, first, first + length, 1));
    }

    /// <summary>Every <paramref name="step"/>th index of a dimension: a view.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="start">The first; a negative one counts from the end.</param>
    /// <param name="finish">The one behind the last, at most; a negative one counts from the end.</param>
    /// <param name="step">The distance, at least 1.</param>
    public TracedTensor slice(long dim, long start, long finish, long step)
        => View(new TracedView.Slice(Axis(dim), start, finish == long.MaxValue ? null : finish, step));

    /// <summary>The values of another tensor, in place.</summary>
    /// <param name="source">The other tensor, of this shape or one that broadcasts to it.</param>
    /// <param name="nonBlocking">Not used.</param>
    public TracedTensor copy_(TracedTensor source, bool nonBlocking = false)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Become(source.As(dtype).expand(shape));
    }

    private TracedTensor At(params ReadOnlySpan<long> indices)
    {
        TracedTensor part = this;
        foreach (long index in indices)
        {
            part = part.select(0, index);
        }

        return part;
    }
}
