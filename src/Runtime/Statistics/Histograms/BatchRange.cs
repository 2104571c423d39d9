namespace QuantGen.Statistics.Histograms;

/// <summary>The smallest and the largest value of a batch.</summary>
internal readonly record struct BatchRange(double Minimum, double Maximum)
{
    /// <summary>The largest absolute value.</summary>
    public double Amax => Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>The range of two parts of a batch.</summary>
    public BatchRange With(BatchRange other) => new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));
}
