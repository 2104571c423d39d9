using QuantGen.Numerics.Formats;
using QuantGen.Quantizers;
using static TorchSharp.torch;

namespace QuantGen;

/// <content>Collecting statistics, and taking amax from them.</content>
public sealed partial class TensorQuantizer
{
    private ICalibrator _calibrator;

    /// <summary>Whether it collects statistics while enabled.</summary>
    public bool IsCalibrating { get; set; }

    /// <summary>
    /// What collects the statistics. One that is set here is used by <see cref="Calibration"/> as well, and stays the caller's to dispose.
    /// </summary>
    public ICalibrator Calibrator
    {
        get => _calibrator;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (!HasOwnCalibrator && !ReferenceEquals(value, _calibrator))
            {
                (_calibrator as IDisposable)?.Dispose();
            }

            (_calibrator, HasOwnCalibrator) = (value, true);
        }
    }

    /// <summary>Whether the calibrator was given by the user.</summary>
    internal bool HasOwnCalibrator { get; private set; }

    /// <summary>What collects instead of <see cref="Calibrator"/> for the time of a calibration, which also keeps it from quantizing and clipping.</summary>
    internal ICalibrator? Collector { get; set; }

    private bool OnlyCollects => Collector is not null;

    /// <summary>Whether a range for values from a minimum on is unsigned: by the descriptor, or because that is to be found out and none is negative.</summary>
    internal bool IsUnsignedFrom(double minimum) => Descriptor.DetectUnsigned ? Descriptor.Unsigned || minimum >= 0 : Unsigned;

    /// <summary>The numbers that it will quantize to once it has a range for values from a minimum on.</summary>
    internal QuantFormat FormatFrom(double minimum) => Format with { Unsigned = IsUnsignedFrom(minimum) };

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
        using var scope = NewDisposeScope();
        if (!_calibrator.HasData)
        {
            if (strict)
            {
                throw new InvalidOperationException(
                    "The calibrator has seen no data. Run batches through the model while the quantizer calibrates, or pass strict: false.");
            }

            // As in the reference: everything becomes NaN, which nobody overlooks.
            SetBuffer(ref _amax, nameof(_amax), _amax is null ? tensor(float.NaN) : full_like(_amax, float.NaN));
            if (Descriptor.Affine)
            {
                SetBuffer(ref _amin, nameof(_amin), full_like(_amax!, float.NaN));
            }

            return;
        }

        QuantFormat format = FormatFrom(_calibrator.Minimum);
        if (format.Affine)
        {
            TakeRange(_calibrator.FindRange(method ?? Descriptor.CalibrationMethod, format)!, isUnsigned: false);
            return;
        }

        Tensor amax = _calibrator.ComputeAmax(method ?? Descriptor.CalibrationMethod, format)!;
        Amax = _amax is not null && amax.ndim == 0 ? amax.expand(_amax.shape) : amax;
        _isUnsigned = format.Unsigned;
        if (Descriptor.DetectUnsigned)
        {
            KeepFormat();
        }
    }

    private void Collect(Tensor input)
    {
        lock (_lock)
        {
            // Before the first buffer: it will have the type of what passes.
            if (_amax is null && _place is null)
            {
                PlaceLike(input);
            }

            try
            {
                (Collector ?? _calibrator).Collect(input);
            }
            catch (ArgumentException e)
            {
                throw new CollectionException(this, e);
            }
        }
    }
}
