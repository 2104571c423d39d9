using static TorchSharp.torch;

namespace QuantGen;

/// <summary>The statistics of one quantizer, with nothing of a model: a histogram, or amax for each channel. Immutable.</summary>
/// <param name="Batches">The number of batches that reached it.</param>
internal abstract record QuantizerStatistics(long Batches)
{
    public static QuantizerStatistics Of(CollectedQuantizer collected) => collected.Calibrator switch
    {
        HistogramCalibrator { Histogram: Histogram histogram } => new HistogramStatistics(collected.Batches, (Histogram)histogram.Copy()),
        MaxCalibrator max => AmaxStatistics.Of(collected.Batches, max),
        _ => throw new InvalidOperationException($"The statistics of quantizer '{collected.Name}' cannot be merged: only doubling histograms and maxima can."),
    };

    public abstract QuantizerStatistics MergedWith(QuantizerStatistics other);

    /// <summary>A quantizer of a model with these statistics.</summary>
    public abstract CollectedQuantizer For(CollectedQuantizer prepared);

    protected static ArgumentException OtherKind(string name)
        => new($"'{name}' has one range on one side and one for each channel on the other. Are the descriptors the same?");
}

/// <summary>A histogram of absolute values.</summary>
internal sealed record HistogramStatistics(long Batches, Histogram Histogram) : QuantizerStatistics(Batches)
{
    public override QuantizerStatistics MergedWith(QuantizerStatistics other) => other is HistogramStatistics same
        ? new HistogramStatistics(Batches + same.Batches, Histogram.Merge(Histogram, same.Histogram))
        : throw OtherKind("it");

    public override CollectedQuantizer For(CollectedQuantizer prepared) => prepared.Calibrator is HistogramCalibrator
        ? new(prepared.Name, prepared.Quantizer, new HistogramCalibrator(prepared.Quantizer.NumBits, (Histogram)Histogram.Copy())) { Batches = checked((int)Batches) }
        : throw OtherKind(prepared.Name);
}

/// <summary>The largest absolute values; an empty array where nothing was collected.</summary>
internal sealed record AmaxStatistics(long Batches, long[] Shape, float[] Amax, double Minimum, double Maximum) : QuantizerStatistics(Batches)
{
    public static AmaxStatistics Of(long batches, MaxCalibrator calibrator)
    {
        using var scope = NewDisposeScope();
        Tensor? amax = calibrator.ComputeAmax(CalibrationMethod.Max)?.to(ScalarType.Float32).cpu().contiguous();
        return new(batches, amax?.shape ?? [], amax is null ? [] : [.. amax.data<float>()], calibrator.Minimum, calibrator.Maximum);
    }

    public override QuantizerStatistics MergedWith(QuantizerStatistics other)
    {
        if (other is not AmaxStatistics same)
        {
            throw OtherKind("it");
        }

        if (Amax.Length == 0 || same.Amax.Length == 0)
        {
            return (Amax.Length == 0 ? same : this) with { Batches = Batches + same.Batches };
        }

        if (!Shape.AsSpan().SequenceEqual(same.Shape))
        {
            throw new ArgumentException($"one amax has shape [{string.Join(", ", Shape)}], the other [{string.Join(", ", same.Shape)}].");
        }

        return new AmaxStatistics(
            Batches + same.Batches, Shape, [.. Amax.Zip(same.Amax, Math.Max)], Math.Min(Minimum, same.Minimum), Math.Max(Maximum, same.Maximum));
    }

    public override CollectedQuantizer For(CollectedQuantizer prepared)
    {
        if (prepared.Calibrator is not MaxCalibrator calibrator)
        {
            throw OtherKind(prepared.Name);
        }

        if (Amax.Length > 0)
        {
            using Tensor amax = tensor(Amax, Shape);
            calibrator.Include(amax, Minimum, Maximum);
        }

        prepared.Batches = checked((int)Batches);
        return prepared;
    }
}
