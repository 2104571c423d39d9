using static TorchSharp.torch;

namespace QuantGen;

/// <content>Collecting statistics, and taking amax from them.</content>
public sealed partial class TensorQuantizer
{
    private ICalibrator _calibrator;

    /// <summary>Whether it collects statistics while enabled.</summary>
    public bool IsCalibrating { get; set; }

    /// <summary>What collects the statistics.</summary>
    public ICalibrator Calibrator
    {
        get => _calibrator;
        set => _calibrator = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>
    /// Takes the amax that a method finds in what the calibrator collected. A scalar fills an existing amax of any shape.
    /// Learned bounds stay where they are until <see cref="InitLearnAmax"/>.
    /// </summary>
    /// <param name="method">The method; the descriptor's unless said otherwise.</param>
    /// <param name="strict">Whether it is an error that nothing was collected; otherwise amax becomes NaN.</param>
    /// <exception cref="InvalidOperationException">Nothing was collected.</exception>
    /// <exception cref="ArgumentException">The calibrator does not know the method, or amax has another shape already.</exception>
    public void LoadCalibratedAmax(CalibrationMethod? method = null, bool strict = true)
    {
        bool isUnsigned = Descriptor.DetectUnsigned && _calibrator.HasData ? Descriptor.Unsigned || _calibrator.Minimum >= 0 : Unsigned;
        if (_calibrator is HistogramCalibrator histogram)
        {
            histogram.Unsigned = isUnsigned;
        }

        using var scope = NewDisposeScope();
        Tensor? amax = _calibrator.ComputeAmax(method ?? Descriptor.CalibrationMethod);
        if (amax is null)
        {
            amax = !strict ? tensor(float.NaN) : throw new InvalidOperationException(
                "The calibrator has seen no data. Run batches through the model while the quantizer calibrates, or pass strict: false.");
        }

        Amax = _amax is not null && amax.ndim == 0 ? amax.expand(_amax.shape) : amax;
        Unsigned = isUnsigned;
        if (Descriptor.DetectUnsigned)
        {
            KeepUnsigned();
        }
    }

    /// <summary>Takes a range that was found already, with the statistics it comes from.</summary>
    internal void TakeRange(Tensor amax, bool isUnsigned, ICalibrator calibrator)
    {
        (Calibrator, Unsigned, Amax) = (calibrator, isUnsigned, amax);
        if (Descriptor.DetectUnsigned)
        {
            KeepUnsigned();
        }

        // A range that is learned starts where calibration ends.
        if (_clip is not null)
        {
            InitLearnAmax();
        }
    }

    private void Collect(Tensor input)
    {
        try
        {
            _calibrator.Collect(input);
        }
        catch (ArgumentException e)
        {
            throw new CollectionException(this, e);
        }
    }
}
