using static TorchSharp.torch;

namespace QuantGen.Numerics.Formats;

/// <summary>How an amax lies over a tensor seen as [outer, <see cref="Channels"/>, <see cref="Inner"/>].</summary>
internal readonly record struct AmaxLayout(long Channels, long Inner)
{
    /// <summary>The layout for one amax for the whole tensor or for each index of one axis; null where amax varies over several axes.</summary>
    public static AmaxLayout? Of(Tensor input, Tensor amax)
    {
        long count = amax.numel();
        if (count == 1)
        {
            return amax.ndim <= input.ndim ? new(1, input.numel()) : null;
        }

        long[] shape = input.shape;
        long[] ranges = amax.shape;
        long inner = 1;
        for (int fromEnd = 1; fromEnd <= ranges.Length; fromEnd++)
        {
            if (fromEnd > shape.Length)
            {
                return null;
            }

            long size = ranges[^fromEnd];
            if (size != 1)
            {
                return size == count && size == shape[^fromEnd] && ranges.Length <= shape.Length ? new(size, inner) : null;
            }

            inner *= shape[^fromEnd];
        }

        return null;
    }
}
