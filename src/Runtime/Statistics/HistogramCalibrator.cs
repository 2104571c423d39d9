using QuantGen.Numerics.Formats;
using QuantGen.Statistics;
using QuantGen.Statistics.Histograms;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects a histogram of absolute values, from which every <see cref="CalibrationMethod"/> finds its amax. One range for the tensor.</summary>
public sealed class HistogramCalibrator : ICalibrator
{
    private readonly NumBits _numBits;
    private readonly int _bins;
    private readonly bool _skipZeros;
    private readonly List<double> _batchAmax = [];
    private IHistogram? _beforeBatch;
    private double? _amaxOfBatch;

    /// <summary>An empty calibrator.</summary>
    /// <param name="numBits">The number of bits that the searches assume.</param>
    /// <param name="bins">The number of bins; even and at least 4 in the doubling mode.</param>
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

    /// <summary>Where the bins lie.</summary>
    public HistogramMode Mode { get; }

    /// <summary>What was collected.</summary>
    public IHistogram Histogram { get; private set; }

    /// <summary>The largest absolute value of each batch, in order.</summary>
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
    public void Collect(Tensor input)
    {
        long before = Histogram.Total;
        double amax = Histogram.Add(input);
        if (Histogram.Total == before)
        {
            // No value is no batch: a maximum of 0 would pull a moving average down.
            return;
        }

        if (_beforeBatch is not null)
        {
            _amaxOfBatch = Math.Max(_amaxOfBatch ?? 0, amax);
        }
        else
        {
            _batchAmax.Add(amax);
        }
    }

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method) => ((ICalibrator)this).ComputeAmax(method, new(_numBits, Unsigned, NarrowRange: true));

    /// <inheritdoc/>
    public void BeginBatch() => (_beforeBatch, _amaxOfBatch) = (Histogram.Copy(), null);

    /// <inheritdoc/>
    public void EndBatch(bool keep)
    {
        if (!keep && _beforeBatch is not null)
        {
            Histogram = _beforeBatch;
        }
        else if (_amaxOfBatch is { } amax)
        {
            _batchAmax.Add(amax);
        }

        (_beforeBatch, _amaxOfBatch) = (null, null);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _batchAmax.Clear();
        (_beforeBatch, _amaxOfBatch) = (null, null);
        Histogram = CreateHistogram();
    }

    Tensor? ICalibrator.ComputeAmax(CalibrationMethod method, QuantFormat format)
    {
        ArgumentNullException.ThrowIfNull(method);
        return HasData ? tensor((float)HistogramSearch.Amax(Histogram, Mode == HistogramMode.Doubling, _batchAmax, method, format)) : null;
    }

    TensorStatistics ICalibrator.Snapshot(long batches) => Histogram is Histogram doubling
        ? new HistogramStatistics(batches, (Histogram)doubling.Copy(), [.. _batchAmax])
        : new OwnStatistics(batches, CopyOfReference());

    // A state stays as it is when this calibrator goes on collecting.
    private HistogramCalibrator CopyOfReference()
    {
        HistogramCalibrator copy = new(_numBits, _bins, Mode, _skipZeros) { Histogram = Histogram.Copy(), Unsigned = Unsigned };
        copy._batchAmax.AddRange(_batchAmax);
        return copy;
    }

    private IHistogram CreateHistogram() => Mode switch
    {
        HistogramMode.Doubling => new Histogram(_bins),
        HistogramMode.ReferenceTorch => new TorchHistogram(_bins, _skipZeros),
        HistogramMode.ReferenceNumpy => new NumpyHistogram(_bins, _skipZeros),
        _ => throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "There is no such mode of histograms."),
    };
}
