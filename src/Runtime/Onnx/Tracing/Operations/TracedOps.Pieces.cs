namespace QuantGen.Onnx;

// Taking tensors apart and putting them together.
public static partial class TracedOps
{
    /// <summary>Tensors of one shape along a new dimension.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dim">Where the dimension is; a negative one counts from the end of the result.</param>
    public static TracedTensor stack(IEnumerable<TracedTensor> tensors, long dim = 0) => TracedTensor.Stacked([.. tensors], dim);

    /// <inheritdoc cref="TracedTensor.chunk"/>
    public static TracedTensor[] chunk(TracedTensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    /// <inheritdoc cref="TracedTensor.split(long[], long)"/>
    public static TracedTensor[] split(TracedTensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    /// <inheritdoc cref="TracedTensor.tensor_split(long, long)"/>
    public static TracedTensor[] tensor_split(TracedTensor input, long indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    /// <inheritdoc cref="TracedTensor.tensor_split(long[], long)"/>
    public static TracedTensor[] tensor_split(TracedTensor input, long[] indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    /// <inheritdoc cref="TracedTensor.unbind"/>
    public static TracedTensor[] unbind(TracedTensor input, long dim = 0) => input.unbind(dim);

    /// <inheritdoc cref="TracedTensor.narrow"/>
    public static TracedTensor narrow(TracedTensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    /// <inheritdoc cref="TracedTensor.select"/>
    public static TracedTensor select(TracedTensor input, long dim, long index) => input.select(dim, index);

    /// <inheritdoc cref="TracedTensor.broadcast_to"/>
    public static TracedTensor broadcast_to(TracedTensor input, params long[] shape) => input.broadcast_to(shape);

    /// <inheritdoc cref="TracedTensor.tile"/>
    public static TracedTensor tile(TracedTensor input, long[] dims) => input.tile(dims);

    /// <inheritdoc cref="TracedTensor.repeat_interleave"/>
    public static TracedTensor repeat_interleave(TracedTensor input, long repeats, long? dim = null, long? output_size = null)
        => input.repeat_interleave(repeats, dim);

    /// <inheritdoc cref="TracedTensor.flip"/>
    public static TracedTensor flip(TracedTensor input, params long[] dims) => input.flip(dims);

    /// <inheritdoc cref="TracedTensor.roll(long, long?)"/>
    public static TracedTensor roll(TracedTensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    /// <inheritdoc cref="TracedTensor.roll(long[], long[])"/>
    public static TracedTensor roll(TracedTensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    /// <inheritdoc cref="TracedTensor.roll(long[], long[])"/>
    public static TracedTensor roll(TracedTensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);

    /// <inheritdoc cref="TracedTensor.roll(long[], long[])"/>
    public static TracedTensor roll(TracedTensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);

    /// <inheritdoc cref="TracedTensor.movedim"/>
    public static TracedTensor movedim(TracedTensor input, long source, long destination) => input.movedim([source], [destination]);

    /// <inheritdoc cref="TracedTensor.movedim"/>
    public static TracedTensor movedim(TracedTensor input, long[] source, long[] destination) => input.movedim(source, destination);

    /// <inheritdoc cref="TracedTensor.unflatten"/>
    public static TracedTensor unflatten(TracedTensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);
}
