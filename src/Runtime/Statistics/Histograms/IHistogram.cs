using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Counts of absolute values in bins, as the searches of <see cref="AmaxSearch"/> read them.</summary>
public interface IHistogram
{
    /// <summary>The number of values counted.</summary>
    long Total { get; }

    /// <summary>The smallest value, with its sign; positive infinity where there is none.</summary>
    double Minimum { get; }

    /// <summary>The largest value, with its sign; negative infinity where there is none.</summary>
    double Maximum { get; }

    /// <summary>The counts; bin i reaches from edge i to edge i + 1.</summary>
    ReadOnlySpan<long> Counts { get; }

    /// <summary>The edges of the bins in ascending order, one more than there are bins.</summary>
    ReadOnlySpan<double> Edges { get; }

    /// <summary>The counts of the finest bins there are, which need not be of one width; <see cref="Counts"/> where there are no finer ones.</summary>
    ReadOnlySpan<long> FineCounts => Counts;

    /// <summary>The edges of <see cref="FineCounts"/> in ascending order, one more.</summary>
    ReadOnlySpan<double> FineEdges => Edges;

    /// <summary>The largest absolute value; 0 where there is none.</summary>
    double Largest => Total == 0 ? 0 : Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>Adds the values of a tensor.</summary>
    /// <param name="input">A floating-point tensor on any device.</param>
    /// <returns>The largest absolute value of this tensor; 0 where it is empty.</returns>
    /// <exception cref="ArgumentException">The tensor holds NaN or infinity; the histogram stays as it was.</exception>
    double Add(Tensor input);

    /// <summary>An independent histogram with the same content.</summary>
    IHistogram Copy();
}
