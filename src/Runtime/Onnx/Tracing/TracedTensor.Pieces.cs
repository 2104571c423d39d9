using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Pieces of a tensor along a dimension: views, all of them.
public sealed partial class TracedTensor
{
    /// <summary>A number of pieces of the same size, but for the last.</summary>
    /// <param name="chunks">How many at most.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public TracedTensor[] chunk(long chunks, long dim = 0) => Pieces(Value.chunk(chunks, dim), Axis(dim));

    /// <summary>Pieces of a size; the last may be smaller.</summary>
    /// <param name="size">The size.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public TracedTensor[] split(long size, int dim = 0) => Pieces(Value.split(size, dim), Axis(dim));

    /// <summary>Pieces of given sizes.</summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public TracedTensor[] split(long[] sizes, long dim = 0) => Pieces(Value.split(sizes, dim), Axis(dim));

    /// <inheritdoc cref="split(long[], long)"/>
    public TracedTensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);

    /// <summary>A number of pieces whose sizes differ by at most one.</summary>
    /// <param name="size">How many.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public TracedTensor[] tensor_split(long size, long dim = 0) => Pieces(Value.tensor_split(size, dim), Axis(dim));

    /// <summary>Pieces between given indices.</summary>
    /// <param name="sizes">The indices at which to cut.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public TracedTensor[] tensor_split(long[] sizes, long dim = 0) => Pieces(Value.tensor_split(sizes, dim), Axis(dim));

    /// <summary>The parts at each index of a dimension, which goes away.</summary>
    /// <param name="dimension">The dimension; a negative one counts from the end.</param>
    public TracedTensor[] unbind(long dimension = 0)
    {
        int axis = Axis(dimension);
        return [.. Enumerable.Range(0, (int)shape[axis]).Select(index => select(axis, index))];
    }

    private TracedTensor[] Pieces(Tensor[] pieces, int axis)
    {
        TracedTensor[] result = new TracedTensor[pieces.Length];
        long start = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            long length = pieces[i].shape[axis];
            result[i] = narrow(axis, start, length);
            start += length;
        }

        return result;
    }
}
