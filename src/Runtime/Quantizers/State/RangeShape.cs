namespace QuantGen.Quantizers.State;

/// <summary>Which shapes a quantizer's range can have: one number, or one for each index of its axes.</summary>
internal static class RangeShape
{
    /// <summary>Why a shape is none of these, as a phrase; null where it is.</summary>
    /// <param name="quantizer">The quantizer.</param>
    /// <param name="shape">The shape of the range.</param>
    /// <param name="weight">The weight that it quantizes, where it quantizes one.</param>
    public static string? Problem(TensorQuantizer quantizer, long[] shape, QuantizedWeight? weight)
    {
        if (Array.TrueForAll(shape, size => size == 1) || quantizer.Descriptor.Amax?.Shape.SequenceEqual(shape) == true)
        {
            return null;
        }

        string given = $"a range of shape [{string.Join(", ", shape)}]";
        if (weight is { } known)
        {
            long[] whole = known.Whole().shape;
            QuantAxes axes = quantizer.Axis ?? known.ChannelAxis;
            IReadOnlyList<int> others = axes.Others(whole.Length);
            long[] expected = [.. whole.Select((size, axis) => others.Contains(axis) ? 1 : size)];
            return expected.AsSpan().SequenceEqual(shape)
                ? null
                : $"{given} does not fit its weight, which takes [{string.Join(", ", expected)}] or one number";
        }

        if (quantizer.Axis is not { } kept)
        {
            return $"{given} was given, but it has one range";
        }

        return kept.All(axis => axis < shape.Length && axis >= -shape.Length) && kept.Others(shape.Length).All(axis => shape[axis] == 1)
            ? null
            : $"{given} does not lie along its axis {kept}";
    }
}
