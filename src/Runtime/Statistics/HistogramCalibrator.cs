using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using QuantGen.Statistics;
using QuantGen.Statistics.Histograms;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>
/// Collects a histogram of absolute values, from which every <see cref="CalibrationMethod"/> finds its amax, or, in the doubling mode, the two ends of an affine
/// range. One range for the tensor.
/// </summary>
public sealed class HistogramCalibrator : ICalibrator
{
    private readonly NumBits _numBits;
    private readonly int _bins;
    private readonly bool _skipZeros;
    private readonly List<BatchRange> _batches = [];
    private IHistogram? _beforeBatch;
    private BatchRange? _rangeOfBatch;

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
    public IReadOnlyList<double> BatchAmax => [.. _batches.Select(batch => batch.Amax)];

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
        // No value is no batch: a maximum of 0 would pull a moving average down.
        if (Add(input) is not { } range)
        {
            return;
        }

        if (_beforeBatch is not null)
        {
            _rangeOfBatch = _rangeOfBatch?.With(range) ?? range;
        }
        else
        {
            _batches.Add(range);
        }
    }

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method) => ((ICalibrator)this).ComputeAmax(method, new(_numBits, Unsigned, NarrowRange: true));

    /// <inheritdoc/>
    public void BeginBatch() => (_beforeBatch, _rangeOfBatch) = (Histogram.Copy(), null);

    /// <inheritdoc/>
    public void EndBatch(bool keep)
    {
        if (!keep && _beforeBatch is not null)
        {
            Histogram = _beforeBatch;
        }
        else if (_rangeOfBatch is { } range)
        {
            _batches.Add(range);
        }

        (_beforeBatch, _rangeOfBatch) = (null, null);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _batches.Clear();
        (_beforeBatch, _rangeOfBatch) = (null, null);
        Histogram = CreateHistogram();
    }

    Tensor? ICalibrator.ComputeAmax(CalibrationMethod method, QuantFormat format)
    {
        ArgumentNullException.ThrowIfNull(method);
        return HasData ? tensor((float)HistogramSearch.Amax(Histogram, Mode == HistogramMode.Doubling, BatchAmax, method, format)) : null;
    }

    RangeValue? ICalibrator.FindRange(CalibrationMethod method, QuantFormat format)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (!HasData)
        {
            return null;
        }

        return !format.Affine ? new((float)HistogramSearch.Amax(Histogram, Mode == HistogramMode.Doubling, BatchAmax, method, format))
            : Histogram is Histogram doubling ? HistogramSearch.Ends(doubling, _batches, method, format)
            : method.Kind == CalibrationMethodKind.Max ? RangeValue.Affine(Minimum, Maximum)
            : throw new ArgumentException(
                $"The reference's histograms hold absolute values only, in which the method '{method}' finds no two ends. Use the doubling mode, or max.", nameof(method));
    }

    TensorStatistics ICalibrator.Snapshot(long batches) => Histogram is Histogram doubling
        ? new HistogramStatistics(batches, (Histogram)doubling.Copy(), [.. _batches])
        : new OwnStatistics(batches, CopyOfReference());

    // A state stays as it is when this calibrator goes on collecting.
    private HistogramCalibrator CopyOfReference()
    {
        HistogramCalibrator copy = new(_numBits, _bins, Mode, _skipZeros) { Histogram = Histogram.Copy(), Unsigned = Unsigned };
        copy._batches.AddRange(_batches);
        return copy;
    }

    // The range of an input; null where nothing of it was counted.
    private BatchRange? Add(Tensor input)
    {
        if (Histogram is Histogram doubling)
        {
            ArgumentNullException.ThrowIfNull(input);
            QuantArguments.CheckFloatingPoint(input, nameof(input));
            return input.numel() == 0 ? null : doubling.AddRange(input);
        }

        long before = Histogram.Total;
        double amax = Histogram.Add(input);
        return Histogram.Total == before ? null : new(-amax, amax);
    }

    private IHistogram CreateHistogram() => Mode switch
    {
        HistogramMode.Doubling => new Histogram(_bins),
        HistogramMode.ReferenceTorch => new TorchHistogram(_bins, _skipZeros),
        HistogramMode.ReferenceNumpy => new NumpyHistogram(_bins, _skipZeros),
        _ => throw new ArgumentOutOfRangeException(nameof(Mode), Mode, "There is no such mode of histograms."),
    };
}
