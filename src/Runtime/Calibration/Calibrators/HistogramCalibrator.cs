using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects a histogram of absolute values, from which every <see cref="CalibrationMethod"/> finds its amax. One range for the tensor.</summary>
public sealed class HistogramCalibrator : ICalibrator, IUndoable
{
    private readonly NumBits _numBits;
    private readonly int _bins;
    private readonly bool _skipZeros;
    private readonly List<double> _batchAmax = [];

    /// <summary>An empty calibrator.</summary>
    /// <param name="numBits">The number of bits that the searches assume.</param>
    /// <param name="bins">The number of bins; even in the doubling mode.</param>
    /// <param name="mode">Where the bins lie.</param>
    /// <param name="skipZeros">Whether zeros are not counted; in the reference's modes only.</param>
    /// <exception cref="ArgumentException">A number of bins that the mode does not allow, or <paramref name="skipZeros"/> in the doubling mode.</exception>
    public HistogramCalibrator(
        NumBits numBits, int bins = QuantGen.Histogram.DefaultBins, HistogramMode mode = HistogramMode.Doubling, bool skipZeros = false)
    {
        if (skipZeros && mode == HistogramMode.Doubling)
        {
            throw new ArgumentException("The doubling mode counts zeros. To skip them, use a reference mode.", nameof(skipZeros));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        (_numBits, _bins, Mode, _skipZeros) = (numBits, bins, mode, skipZeros);
        Histogram = CreateHistogram();
    }

    /// <summary>A calibrator that goes on from a histogram. It has no <see cref="BatchAmax"/>.</summary>
    internal HistogramCalibrator(NumBits numBits, Histogram histogram)
    {
        (_numBits, _bins, Histogram) = (numBits, histogram.Bins, histogram);
    }

    /// <summary>Where the bins lie.</summary>
    public HistogramMode Mode { get; }

    /// <summary>What was collected.</summary>
    public IHistogram Histogram { get; private set; }

    /// <summary>The largest absolute value of each input, in order.</summary>
    public IReadOnlyList<double> BatchAmax => _batchAmax;

    /// <summary>Whether the searches assume an unsigned range.</summary>
    public bool Unsigned { get; set; }

    /// <inheritdoc/>
    public bool HasData => Histogram.Total > 0;

    /// <inheritdoc/>
    public double Minimum => Histogram.Minimum;

    /// <inheritdoc/>
    public double Maximum => Histogram.Maximum;

    /// <inheritdoc/>
    public void Collect(Tensor input) => _batchAmax.Add(Histogram.Add(input));

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return HasData ? tensor((float)AmaxOf(method, Unsigned)) : null;
    }

    /// <summary>The amax that a method finds, for a signed or an unsigned range; there must be data.</summary>
    internal double AmaxOf(CalibrationMethod method, bool unsigned)
    {
        if (Histogram.Largest == 0)
        {
            return 0;
        }

        // A doubling histogram may have few bins in use; in the reference's modes a start behind the last bin is an error.
        ReadOnlySpan<long> counts = Histogram.Counts;
        int start = Mode == HistogramMode.Doubling ? Math.Min(method.StartBin, counts.Length - 1) : method.StartBin;
        double amax = method.Kind switch
        {
            CalibrationMethodKind.Max => Histogram.Largest,
            CalibrationMethodKind.Entropy => AmaxSearch.Entropy(counts, Histogram.Edges, _numBits, unsigned, method.Stride, start),
            CalibrationMethodKind.Mse => AmaxSearch.Mse(counts, Histogram.Edges, _numBits, unsigned, method.Stride, start),
            CalibrationMethodKind.Percentile => AmaxSearch.Percentile(counts, Histogram.Edges, method.Percentage),
            CalibrationMethodKind.Sqnr => AmaxSearch.Sqnr(counts, Histogram.Edges, _numBits, unsigned),
            CalibrationMethodKind.MovingAverageMax => MovingAverage.Of(_batchAmax, method.AveragingConstant),
            _ => throw new ArgumentException($"A histogram calibrator does not know the method '{method}'.", nameof(method)),
        };

        // The last doubling bin reaches beyond the largest value; a range does not need to.
        return Mode == HistogramMode.Doubling ? Math.Min(amax, Histogram.Largest) : amax;
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _batchAmax.Clear();
        Histogram = CreateHistogram();
    }

    Action IUndoable.Remember()
    {
        (IHistogram histogram, int batches) = (Histogram.Copy(), _batchAmax.Count);
        return () =>
        {
            Histogram = histogram;
            _batchAmax.RemoveRange(batches, _batchAmax.Count - batches);
        };
    }

    private IHistogram CreateHistogram() => Mode switch
    {
        HistogramMode.Doubling => new Histogram(_bins),
        HistogramMode.ReferenceTorch => new TorchHistogram(_bins, _skipZeros),
        HistogramMode.ReferenceNumpy => new NumpyHistogram(_bins, _skipZeros),
        _ => throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "There is no such mode of histograms."),
    };
}
