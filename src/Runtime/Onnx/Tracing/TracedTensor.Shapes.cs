using static TorchSharp.torch;

namespace QuantGen.Onnx;

public sealed partial class TracedTensor
{
    /// <summary>The same elements in another shape.</summary>
    /// <param name="shape">The sizes; -1 for what is left. The batch stays open, also where its size is given as a number.</param>
    public TracedTensor view(params long[] shape) => reshape(shape);

    /// <summary>The same elements in the shape of another tensor.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor view_as(TracedTensor other) => reshape(other.shape);

    /// <inheritdoc cref="view"/>
    public TracedTensor reshape(params long[] shape)
    {
        Tensor result = _value.reshape(shape);
        long[] sizes = result.shape;
        int? axis = BatchAxisAfterReshape(sizes);
        if (axis is { } batch)
        {
            sizes[batch] = -1;
        }

        return Reshaped(result, axis, sizes);
    }

    /// <summary>Several dimensions as one.</summary>
    /// <param name="start_dim">The first; a negative one counts from the end.</param>
    /// <param name="end_dim">The last; a negative one counts from the end.</param>
    public TracedTensor flatten(long start_dim = 0, long end_dim = -1)
    {
        Tensor result = _value.flatten(start_dim, end_dim);
        return result.ndim == 2 && Axis(start_dim) == 1 && Axis(end_dim) == ndim - 1 && _batchAxis is 0 && ndim > 2
            ? Record("Flatten", result, 0, [this], ("axis", 1))
            : reshape(result.shape);
    }

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
    public TracedTensor permute(params long[] permutation)
    {
        long[] order = [.. permutation.Select(dim => (long)Axis(dim))];
        int? batchAxis = _batchAxis is { } axis ? Array.IndexOf(order, axis) : null;
        return Record("Transpose", _value.permute(order), batchAxis, [this], ("perm", order));
    }

    /// <summary>Without a dimension of size 1, or without all of them.</summary>
    /// <param name="dim">The dimension; null for all but the batch.</param>
    public TracedTensor squeeze(long? dim = null)
    {
        int[] gone = [.. Enumerable.Range(0, (int)ndim).Where(axis => axis != _batchAxis && shape[axis] == 1 && (dim is null || axis == Axis(dim.Value)))];
        if (gone.Length == 0)
        {
            return alias();
        }

        Tensor result = _value.reshape([.. shape.Where((_, axis) => !gone.Contains(axis))]);
        TracedTensor squeezed = Record("Squeeze", result, _batchAxis - gone.Count(axis => axis < _batchAxis), [this]);
        return squeezed.WithIntegers("axes", [.. gone.Select(axis => (long)axis)]);
    }

    /// <summary>With a new dimension of size 1.</summary>
    /// <param name="dim">Where; a negative one counts from the end of the result.</param>
    public TracedTensor unsqueeze(long dim)
    {
        long at = dim < 0 ? dim + ndim + 1 : dim;
        TracedTensor result = Record("Unsqueeze", _value.unsqueeze(at), _batchAxis + (at <= _batchAxis ? 1 : 0), [this]);
        return result.WithIntegers("axes", at);
    }

    /// <summary>The mean of all elements.</summary>
    public TracedTensor mean() => Record("ReduceMean", _value.mean(), null, [this], ("keepdims", 0));

    /// <summary>The mean over some dimensions.</summary>
    /// <param name="dimensions">The dimensions; negative ones count from the end.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    public TracedTensor mean(long[] dimensions, bool keepdim = false)
    {
        long[] axes = [.. dimensions.Select(dim => (long)Axis(dim))];
        int? batchAxis = _batchAxis is { } axis && !axes.Contains(axis) ? axis - (keepdim ? 0 : axes.Count(gone => gone < axis)) : null;
        return Record("ReduceMean", _value.mean(axes, keepdim), batchAxis, [this], ("axes", axes), ("keepdims", keepdim ? 1 : 0));
    }

    internal static TracedTensor Concatenate(IReadOnlyList<TracedTensor> tensors, long dim)
    {
        Tensor result = cat([.. tensors.Select(tensor => tensor._value)], dim);
        long axis = dim < 0 ? dim + result.ndim : dim;
        int? batchAxis = tensors.Select(tensor => tensor._batchAxis).FirstOrDefault(found => found is not null);
        if (axis == batchAxis)
        {
            throw new NotSupportedException("A concatenation along the batch cannot be exported: the size of the batch is open.");
        }

        return Record("Concat", result, batchAxis, [.. tensors], ("axis", axis));
    }

    internal int Axis(long dim) => (int)(dim < 0 ? dim + ndim : dim);

    /// <summary>Gives the operation that computed this tensor one more input, of integers.</summary>
    internal TracedTensor WithIntegers(string name, params ReadOnlySpan<long> values)
    {
        _trace?.AddInput(this, _trace.Integers(name, values));
        return this;
    }

    private TracedTensor Reshaped(Tensor result, int? batchAxis, long[] sizes)
        => result.shape.AsSpan().SequenceEqual(_value.shape)
            ? alias()
            : Record("Reshape", result, batchAxis, [this]).WithIntegers("shape", sizes);

    // Elements stay in row-major order, so that the batch stays behind the same number of elements of the dimensions before it.
    private int? BatchAxisAfterReshape(long[] sizes)
    {
        if (_batchAxis is not { } axis || _trace is null)
        {
            return null;
        }

        long[] from = _value.shape;
        long before = from.Take(axis).Aggregate(1L, (a, b) => a * b);
        long passed = 1;
        for (int i = 0; i < sizes.Length && passed <= before; i++)
        {
            if (passed == before && sizes[i] % _trace.BatchSize == 0)
            {
                return i;
            }

            passed *= sizes[i];
        }

        throw new NotSupportedException(
            $"A reshape from [{string.Join(", ", from)}] to [{string.Join(", ", sizes)}] tears the batch (dimension {axis}) apart and cannot be exported.");
    }
}
