using static TorchSharp.torch;

namespace QuantGen;

/// <summary>The largest absolute value over some axes of a tensor.</summary>
public static class ReduceAmax
{
    /// <summary>Reduces to the largest absolute value.</summary>
    /// <param name="input">A tensor with at least one element.</param>
    /// <param name="axes">The axes to reduce; negative ones count from the end. Null reduces all of them, to a scalar.</param>
    /// <param name="keepDims">Whether reduced axes stay, with length 1. Without effect where all axes are reduced by a null <paramref name="axes"/>.</param>
    /// <returns>A tensor without gradient.</returns>
    /// <exception cref="ArgumentException">An axis that the input does not have, one that is named twice, or an empty input.</exception>
    public static Tensor Apply(Tensor input, IReadOnlyList<int>? axes = null, bool keepDims = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.numel() == 0)
        {
            throw new ArgumentException("An empty tensor has no largest absolute value.", nameof(input));
        }

        using var scope = NewDisposeScope();
        Tensor values = input.detach();
        if (axes is null)
        {
            // One pass and no copy, where abs().max() needs two and one.
            (Tensor min, Tensor max) = values.aminmax();
            return max.maximum(min.neg()).MoveToOuterDisposeScope();
        }

        long rank = input.ndim;
        long[] dims = new long[axes.Count];
        for (int i = 0; i < dims.Length; i++)
        {
            dims[i] = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (dims[i] < 0 || dims[i] >= rank)
            {
                throw new ArgumentException($"Axis {axes[i]} is out of range for a tensor of {rank} dimensions.", nameof(axes));
            }
        }

        dims = [.. dims.Distinct()];
        Tensor largest = dims.Length == 0 ? values : values.amax(dims, keepDims);
        Tensor smallest = dims.Length == 0 ? values : values.amin(dims, keepDims);
        return largest.maximum(smallest.neg()).MoveToOuterDisposeScope();
    }
}
