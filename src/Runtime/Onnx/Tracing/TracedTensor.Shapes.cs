using QuantGen.Onnx.Tracing;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

public sealed partial class TracedTensor
{
    /// <summary>The same elements in another shape.</summary>
    /// <param name="shape">The sizes; -1 for what is left. Sizes that go with the batch stay open.</param>
    public TracedTensor view(params long[] shape) => Reshaped(Value.reshape(shape).shape) is { } sizes ? View(new TracedView.Reshape(sizes)) : alias();

    /// <summary>The same elements in the shape of another tensor.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor view_as(TracedTensor other) => view(other.shape);

    /// <summary>The same elements in another shape: a view where that is possible without moving them, otherwise a copy.</summary>
    /// <param name="shape">The sizes; -1 for what is left. Sizes that go with the batch stay open.</param>
    public TracedTensor reshape(params long[] shape) => Reshaped(Value.reshape(shape).shape) is { } sizes ? ViewOrCopy(new TracedView.Reshape(sizes)) : alias();

    /// <summary>Several dimensions as one.</summary>
    /// <param name="start_dim">The first; a negative one counts from the end.</param>
    /// <param name="end_dim">The last; a negative one counts from the end.</param>
    public TracedTensor flatten(long start_dim = 0, long end_dim = -1)
        => ndim > 2 && Axis(start_dim) == 1 && Axis(end_dim) == ndim - 1
            ? ViewOrCopy(new TracedView.Flatten())
            : reshape(Value.flatten(start_dim, end_dim).shape);

    /// <summary>Two dimensions exchanged.</summary>
    /// <param name="dim0">The one; a negative one counts from the end.</param>
    /// <param name="dim1">The other.</param>
    public TracedTensor transpose(long dim0, long dim1)
    {
        long[] order = [.. Enumerable.Range(0, (int)ndim).Select(axis => (long)axis)];
        (order[Axis(dim0)], order[Axis(dim1)]) = (order[Axis(dim1)], order[Axis(dim0)]);
        return permute(order);
    }

    /// <summary>A matrix transposed.</summary>
    public TracedTensor t() => ndim < 2 ? alias() : transpose(0, 1);

    /// <summary>Dimensions in another order.</summary>
    /// <param name="permutation">For each dimension of the result, the one that it is here.</param>
    public TracedTensor permute(params long[] permutation) => View(new TracedView.Permute([.. permutation.Select(dim => (long)Axis(dim))]));

    /// <summary>Without a dimension of size 1, or without all of them.</summary>
    /// <param name="dim">The dimension; null for all, but for a batch of one.</param>
    public TracedTensor squeeze(long? dim = null)
    {
        long[] sizes = shape;
        IEnumerable<long> axes = Enumerable.Range(0, sizes.Length).Select(axis => (long)axis);
        long[] gone = [.. axes.Where(axis => sizes[axis] == 1 && (dim is null || axis == Axis(dim.Value)))];
        return gone.Length == 0 ? alias() : View(new TracedView.Squeeze(gone));
    }

    /// <summary>With a new dimension of size 1.</summary>
    /// <param name="dim">Where; a negative one counts from the end of the result.</param>
    public TracedTensor unsqueeze(long dim) => View(new TracedView.Unsqueeze(dim < 0 ? dim + ndim + 1 : dim));

    /// <summary>One dimension as several.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="sizes">The sizes in its place; -1 for what is left.</param>
    public TracedTensor unflatten(long dim, params long[] sizes) => view(Value.unflatten(dim, sizes).shape);

    /// <summary>All elements as one dimension.</summary>
    public TracedTensor ravel() => reshape(-1);

    /// <inheritdoc cref="transpose"/>
    public TracedTensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

    /// <inheritdoc cref="transpose"/>
    public TracedTensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

    /// <summary>A matrix transposed.</summary>
    public TracedTensor T => permute([.. Enumerable.Range(0, (int)ndim).Reverse().Select(axis => (long)axis)]);

    /// <summary>The last two dimensions exchanged.</summary>
    public TracedTensor mT => transpose(-2, -1);

    /// <summary>Dimensions moved to other places; the others keep their order.</summary>
    /// <param name="source">The dimensions; negative ones count from the end.</param>
    /// <param name="destination">Their places.</param>
    public TracedTensor movedim(long[] source, long[] destination)
    {
        List<long> order = [.. Enumerable.Range(0, (int)ndim).Select(axis => (long)axis).Except(source.Select(dim => (long)Axis(dim)))];
        foreach ((long from, long to) in source.Zip(destination).OrderBy(step => Axis(step.Second)))
        {
            order.Insert(Axis(to), Axis(from));
        }

        return permute([.. order]);
    }

    /// <inheritdoc cref="movedim"/>
    public TracedTensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

    internal static TracedTensor Concatenate(IReadOnlyList<TracedTensor> tensors, long dim)
    {
        Tensor result = cat([.. tensors.Select(tensor => tensor.Value)], dim);
        return Record("Concat", result, [.. tensors.Select(tensor => tensor.As(result.dtype))], ("axis", dim < 0 ? dim + result.ndim : dim));
    }

    internal int Axis(long dim) => (int)(dim < 0 ? dim + ndim : dim);

    // Null where the shape is the same already.
    private long[]? Reshaped(long[] sizes) => sizes.AsSpan().SequenceEqual(shape) ? null : sizes;
}
