using QuantGen.Numerics.Formats;

namespace QuantGen.Statistics;

/// <summary>What was seen of one quantizer's tensors, from which any method finds a range. Immutable, and free of models.</summary>
/// <param name="Batches">The number of batches that reached the quantizer.</param>
internal abstract record TensorStatistics(long Batches)
{
    /// <summary>
    /// Of the values that are neither zero nor in the upper half of a range, so many may become zero before the range counts as lost on them.
    /// </summary>
    public const double MostLost = 0.95;

    /// <summary>Whether a value was seen.</summary>
    public abstract bool HasData { get; }

    /// <summary>The smallest value, with its sign; positive infinity where there is none.</summary>
    public abstract double Minimum { get; }

    /// <summary>The largest value, with its sign; negative infinity where there is none.</summary>
    public abstract double Maximum { get; }

    /// <summary>Whether a batch that was left out brought NaN or infinity.</summary>
    public bool SawNotFinite { get; init; }

    /// <summary>Whether a quantizer of some axes can take its range from these statistics.</summary>
    public abstract bool Fits(QuantAxes? axis);

    /// <summary>The method that answers where another one is asked for.</summary>
    public abstract CalibrationMethod Answering(CalibrationMethod asked);

    /// <summary>Whether a method can be asked.</summary>
    public abstract bool CanAnswer(CalibrationMethod method, QuantFormat format);

    /// <summary>The range that a method finds; null where nothing was seen. May be called from several threads at once.</summary>
    /// <exception cref="ArgumentException">These statistics lack what the method needs.</exception>
    public abstract RangeValue? FindRange(CalibrationMethod method, QuantFormat format);

    /// <summary>What becomes of the values in a range.</summary>
    /// <param name="method">The method that found the range.</param>
    /// <param name="range">The range.</param>
    /// <param name="format">What values are quantized to.</param>
    public virtual MethodOutcome Judge(CalibrationMethod method, RangeValue range, QuantFormat format) => new(method, range.Largest, 0, null) { Amin = range.Amin };

    /// <summary>Whether a range is so much larger than most values that they all become zero.</summary>
    public virtual bool IsLostIn(RangeValue range, QuantFormat format) => false;

    /// <summary>The statistics of both.</summary>
    /// <exception cref="ArgumentException">Statistics of another kind or shape.</exception>
    public abstract TensorStatistics MergedWith(TensorStatistics other);

    /// <summary>Writes the part of a calibration state's file that is peculiar to this kind.</summary>
    /// <exception cref="InvalidOperationException">This kind cannot be saved.</exception>
    public abstract void Write(BinaryWriter writer);

    /// <summary>Why statistics of different kinds do not go together.</summary>
    protected static ArgumentException OtherKind()
        => new("it has one range on one side and one for each channel on the other. Are the descriptors the same?");
}
