using QuantGen.Numerics.Formats;

namespace QuantGen.Statistics;

/// <summary>The largest absolute values, for a range for each index of some axes. Only their maximum can be asked for.</summary>
/// <param name="Batches">The number of batches that reached the quantizer.</param>
/// <param name="Amax">The maxima; null where nothing was seen.</param>
/// <param name="Least">The smallest value, with its sign.</param>
/// <param name="Greatest">The largest value, with its sign.</param>
internal sealed record AxisStatistics(long Batches, AmaxValue? Amax, double Least, double Greatest) : TensorStatistics(Batches)
{
    /// <inheritdoc/>
    public override bool HasData => Amax is not null;

    /// <inheritdoc/>
    public override double Minimum => Least;

    /// <inheritdoc/>
    public override double Maximum => Greatest;

    /// <inheritdoc/>
    public override bool Fits(QuantAxes? axis) => axis is not null;

    /// <inheritdoc/>
    public override CalibrationMethod Answering(CalibrationMethod asked) => CalibrationMethod.Max;

    /// <inheritdoc/>
    public override bool CanAnswer(CalibrationMethod method, QuantFormat format) => method.Kind == CalibrationMethodKind.Max;

    /// <inheritdoc/>
    public override RangeValue? FindRange(CalibrationMethod method, QuantFormat format) => Amax is null ? null : new(Amax);

    /// <inheritdoc/>
    public override TensorStatistics MergedWith(TensorStatistics other)
    {
        if (other is not AxisStatistics same)
        {
            throw OtherKind();
        }

        if (Amax is null || same.Amax is null)
        {
            return (Amax is null ? same : this) with { Batches = Batches + same.Batches };
        }

        if (!Amax.Shape.SequenceEqual(same.Amax.Shape))
        {
            throw new ArgumentException(
                $"one amax has shape [{string.Join(", ", Amax.Shape.ToArray())}], the other [{string.Join(", ", same.Amax.Shape.ToArray())}].");
        }

        AmaxValue larger = new([.. Amax.Values.ToArray().Zip(same.Amax.Values.ToArray(), MathF.Max)], Amax.Shape);
        return new AxisStatistics(Batches + same.Batches, larger, Math.Min(Least, same.Least), Math.Max(Greatest, same.Greatest));
    }

    /// <inheritdoc/>
    public override void Write(BinaryWriter writer)
    {
        writer.Write(Least);
        writer.Write(Greatest);
        ReadOnlySpan<float> values = Amax is null ? [] : Amax.Values;
        ReadOnlySpan<long> shape = Amax is null ? [] : Amax.Shape;
        writer.Write7BitEncodedInt(values.Length);
        writer.Write7BitEncodedInt(shape.Length);
        foreach (long size in shape)
        {
            writer.Write7BitEncodedInt64(size);
        }

        foreach (float amax in values)
        {
            writer.Write(amax);
        }
    }
}
