using QuantGen.Onnx.Tracing;

namespace QuantGen.Onnx;

// Elements repeated or in another order.
public sealed partial class TracedTensor
{
    /// <summary>Dimensions of size 1 as larger ones, without a copy: a view, which cannot be changed in place.</summary>
    /// <param name="sizes">The sizes; -1 for one that stays, and more of them than before for new dimensions in front.</param>
    public TracedTensor expand(params long[] sizes) => Expanded(Value.expand(sizes).shape);

    /// <inheritdoc cref="expand(long[])"/>
    /// <param name="sizes">The sizes; -1 for one that stays, and more of them than before for new dimensions in front.</param>
    /// <param name="isImplicit">Not used.</param>
    public TracedTensor expand(long[] sizes, bool isImplicit = false) => Expanded(Value.expand(sizes).shape);

    /// <inheritdoc cref="expand(long[], bool)"/>
    public TracedTensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Expanded(Value.expand(sizes.ToArray()).shape);

    /// <summary>Dimensions of size 1 as large as those of another tensor: a view.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor expand_as(TracedTensor other) => Expanded(Value.expand(other.shape).shape);

    /// <inheritdoc cref="expand(long[])"/>
    /// <param name="shape">The sizes.</param>
    public TracedTensor broadcast_to(params long[] shape) => Expanded(Value.expand(shape).shape);

    /// <summary>The whole tensor several times along each dimension.</summary>
    /// <param name="sizes">How often, for each dimension; of more numbers than dimensions, the first are for new ones in front.</param>
    public TracedTensor repeat(params long[] sizes)
    {
        TracedTensor source = sizes.Length > ndim ? reshape([.. Enumerable.Repeat(1L, sizes.Length - (int)ndim), .. shape]) : this;
        return Record("Tile", Value.repeat(sizes), [source, Integers(sizes)]);
    }

    /// <inheritdoc cref="repeat"/>
    /// <param name="reps">How often, for each dimension; of fewer numbers than dimensions, they are for the last ones.</param>
    public TracedTensor tile(long[] reps) => repeat([.. Enumerable.Repeat(1L, Math.Max(0, (int)ndim - reps.Length)), .. reps]);

    /// <summary>Each element several times, one after the other.</summary>
    /// <param name="repeats">How often.</param>
    /// <param name="dim">The dimension; null for all elements as one.</param>
    /// <param name="output_size">Not used.</param>
    public TracedTensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
    {
        if (dim is not { } given)
        {
            return reshape(-1).repeat_interleave(repeats, 0);
        }

        int axis = Axis(given);
        long[] sizes = shape, wide = [.. sizes[..(axis + 1)], repeats, .. sizes[(axis + 1)..]];
        return unsqueeze(axis + 1).expand(wide).reshape([.. sizes[..axis], sizes[axis] * repeats, .. sizes[(axis + 1)..]]);
    }

    /// <summary>Dimensions in reverse.</summary>
    /// <param name="dims">The dimensions; negative ones count from the end.</param>
    public TracedTensor flip(params long[] dims)
    {
        long[] axes = [.. dims.Select(dim => (long)Axis(dim))];
        return Record("Slice", Value.flip(axes), [this, Of(-1), Of(long.MinValue), Integers(axes), Of(-1)]);

        TracedTensor Of(long value) => Integers([.. axes.Select(_ => value)]);
    }

    /// <summary>Elements moved along a dimension; those that leave it at the end come in at the start.</summary>
    /// <param name="shifts">By how much; negative towards the start.</param>
    /// <param name="dims">The dimension; null for all elements as one.</param>
    public TracedTensor roll(long shifts, long? dims = null)
    {
        if (dims is not { } dim)
        {
            return reshape(-1).roll(shifts, 0).reshape(shape);
        }

        int axis = Axis(dim);
        long size = shape[axis], cut = size == 0 ? 0 : ((-shifts % size) + size) % size;
        return cut == 0 ? clone() : Concatenate([narrow(axis, cut, size - cut), narrow(axis, 0, cut)], axis);
    }

    /// <inheritdoc cref="roll(long, long?)"/>
    /// <param name="shifts">By how much along each dimension.</param>
    /// <param name="dims">The dimensions.</param>
    public TracedTensor roll(long[] shifts, long[] dims) => shifts.Zip(dims).Aggregate(this, (rolled, step) => rolled.roll(step.First, step.Second));

    /// <inheritdoc cref="roll(long[], long[])"/>
    public TracedTensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default)
        => dims.IsEmpty ? roll(shifts[0]) : roll(shifts.ToArray(), dims.ToArray());

    /// <inheritdoc cref="roll(long[], long[])"/>
    public TracedTensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

    internal static TracedTensor Stacked(IReadOnlyList<TracedTensor> tensors, long dim)
    {
        long axis = dim < 0 ? dim + tensors[0].ndim + 1 : dim;
        return Concatenate([.. tensors.Select(tensor => tensor.unsqueeze(axis))], axis);
    }

    private TracedTensor Expanded(long[] sizes) => Reshaped(sizes) is null ? alias() : View(new TracedView.Expand(sizes));
}
