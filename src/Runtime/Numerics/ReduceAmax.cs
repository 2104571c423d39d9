using static TorchSharp.torch;

namespace QuantGen;

/// <summary>The largest absolute value over some axes of a tensor.</summary>
public static class ReduceAmax
{
    // Below this a copy costs less than a further torch call.
    private const long SmallTensor = 16384;

    /// <summary>Reduces to the largest absolute value.</summary>
    /// <param name="input">A tensor with at least one element.</param>
    /// <param name="axes">The axes to reduce; negative ones count from the end. Null reduces all of them, to a scalar.</param>
    /// <param name="keepDims">Whether reduced axes stay, with length 1. Without effect where all axes are reduced by a null <paramref name="axes"/>.</param>
    /// <returns>A tensor without gradient.</returns>
    /// <exception cref="ArgumentException">An axis that the input does not have, or an empty input.</exception>
    public static Tensor Apply(Tensor input, IReadOnlyList<int>? axes = null, bool keepDims = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.numel() == 0)
        {
            throw new ArgumentException("An empty tensor has no largest absolute value.", nameof(input));
        }

        long[]? dims = axes is null ? null : Dimensions(axes, input.ndim);
        if (input.device_type == TorchSharp.DeviceType.CPU && input.numel() < SmallTensor)
        {
            return ReduceCopy(input, dims, keepDims);
        }

        using var scope = NewDisposeScope();
        Tensor values = input.detach();
        if (dims is null)
        {
            // One pass and no copy, where abs().max() needs two and one.
            (Tensor min, Tensor max) = values.aminmax();
            return max.maximum(min.neg()).MoveToOuterDisposeScope();
        }

        Tensor largest = dims.Length == 0 ? values : values.amax(dims, keepDims);
        Tensor smallest = dims.Length == 0 ? values : values.amin(dims, keepDims);
        return largest.maximum(smallest.neg()).MoveToOuterDisposeScope();
    }

    private static Tensor ReduceCopy(Tensor input, long[]? dims, bool keepDims)
    {
        if (input.requires_grad)
        {
            using Tensor detached = input.detach();
            return ReduceCopy(detached, dims, keepDims);
        }

        Tensor absolute = input.abs();
        if (dims is { Length: 0 })
        {
            return absolute;
        }

        using (absolute)
        {
            return dims is null ? absolute.max() : absolute.amax(dims, keepDims);
        }
    }

    private static long[] Dimensions(IReadOnlyList<int> axes, long rank)
    {
        List<long> dims = new(axes.Count);
        foreach (int axis in axes)
        {
            long dim = axis < 0 ? axis + rank : axis;
            if (dim < 0 || dim >= rank)
            {
                throw new ArgumentException($"Axis {axis} is out of range for a tensor of {rank} dimensions.", nameof(axes));
            }

            if (!dims.Contains(dim))
            {
                dims.Add(dim);
            }
        }

        return [.. dims];
    }
}
