using QuantGen.Numerics;
using static TorchSharp.torch;

namespace QuantGen.Statistics.Histograms;

/// <summary>
/// A histogram with the reference's bins: the first batch sets their width, and larger values add bins. What they have in common, and where
/// they do better: counts have 64 bits, batches of zeros wait for the first value that gives a range, and the number of bins is bounded.
/// </summary>
/// <param name="bins">The number of bins for the first batch.</param>
/// <param name="skipZeros">Whether zeros are not counted.</param>
internal abstract class ReferenceHistogram(int bins, bool skipZeros) : IHistogram
{
    // A first batch far smaller than the later ones would ask for millions of bins; neighbours are joined instead.
    private const int MostBins = 1 << 16;

    private long[] _counts = [];
    private double[] _edges = [];
    private long _waitingZeros;

    public long Total { get; private set; }

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    public ReadOnlySpan<long> Counts => HasRange ? _counts : WaitingCounts();

    public ReadOnlySpan<double> Edges => HasRange ? _edges : new double[bins + 1];

    /// <summary>The number of bins for the first batch.</summary>
    protected int FirstBins => bins;

    private bool HasRange => _edges.Length > 0;

    public double Add(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        using var scope = NewDisposeScope();
        float[] signed = [.. HistogramInput.Of(input).cpu().data<float>()];
        HistogramInput.RequireFinite(Array.TrueForAll(signed, float.IsFinite));
        float[] values = [.. (skipZeros ? signed.Where(value => value != 0) : signed).Select(MathF.Abs)];
        if (values.Length == 0)
        {
            return 0;
        }

        (Minimum, Maximum, Total) = (Math.Min(Minimum, signed.Min()), Math.Max(Maximum, signed.Max()), Total + values.Length);
        float largest = values.Max();
        if (!HasRange)
        {
            if (largest == 0)
            {
                _waitingZeros += values.Length;
                return 0;
            }

            _edges = FirstEdges(_waitingZeros > 0 ? 0 : values.Min(), largest);
            _counts = new long[_edges.Length - 1];
            _counts[0] = _waitingZeros;
        }
        else if (largest > _edges[^1])
        {
            Grow(largest);
        }

        Count(values, _edges, _counts);
        return largest;
    }

    public IHistogram Copy()
    {
        ReferenceHistogram copy = (ReferenceHistogram)MemberwiseClone();
        (copy._counts, copy._edges) = ([.. _counts], [.. _edges]);
        return copy;
    }

    /// <summary>The edges for a first batch.</summary>
    protected abstract double[] FirstEdges(float smallest, float largest);

    /// <summary>Edges for a value beyond the last of <paramref name="edges"/>; these stay at their places.</summary>
    protected abstract double[] MoreEdges(double[] edges, float largest);

    /// <summary>How many edges <see cref="MoreEdges"/> will return, about.</summary>
    protected abstract double NeededBins(double[] edges, float largest);

    /// <summary>Adds the counts of values up to the last edge.</summary>
    protected abstract void Count(float[] values, double[] edges, long[] counts);

    /// <summary>Edges that are twice as far apart, at least as many as cover the old ones.</summary>
    protected abstract double[] WiderEdges(double[] edges);

    private void Grow(float largest)
    {
        int limit = Math.Max(MostBins, bins);
        while (NeededBins(_edges, largest) > limit)
        {
            long[] joined = new long[(_counts.Length + 1) / 2];
            for (int bin = 0; bin < _counts.Length; bin++)
            {
                joined[bin / 2] += _counts[bin];
            }

            (_edges, _counts) = (WiderEdges(_edges), joined);
        }

        if (largest > _edges[^1])
        {
            _edges = MoreEdges(_edges, largest);
            Array.Resize(ref _counts, _edges.Length - 1);
        }
    }

    private long[] WaitingCounts()
    {
        long[] counts = new long[bins];
        counts[0] = _waitingZeros;
        return counts;
    }
}
