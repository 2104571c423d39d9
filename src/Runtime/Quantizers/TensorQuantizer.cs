using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Quantizes what passes through it, as its descriptor says; collects statistics of it; or lets it pass.</summary>
/// <remarks>
/// Until it is calibrated, a quantizer computes amax from each input. Once it has one, amax is the buffer <c>_amax</c> of the state dict.
/// Nothing here reads a value back from a device while quantizing.
/// </remarks>
public sealed class TensorQuantizer : Module<Tensor, Tensor>
{
    private const string AmaxName = "_amax";

    // TorchSharp finds tensors in fields by name when it moves a module between devices, so the field has the buffer's.
    private Tensor? _amax;
    private ICalibrator _calibrator;
    private bool _unsigned;

    /// <summary>A quantizer.</summary>
    /// <param name="descriptor">How to quantize; 8 bits per tensor unless said otherwise.</param>
    /// <param name="quantize">Whether it quantizes.</param>
    /// <param name="calibrate">Whether it collects statistics.</param>
    /// <param name="disabled">Whether it does nothing at all.</param>
    public TensorQuantizer(QuantDescriptor? descriptor = null, bool quantize = true, bool calibrate = false, bool disabled = false)
        : base(nameof(TensorQuantizer))
    {
        Descriptor = descriptor ?? QuantDescriptor.PerTensor8Bit;
        IsQuantizing = quantize;
        IsCalibrating = calibrate;
        IsEnabled = !disabled;
        _unsigned = Descriptor.Unsigned;
        _calibrator = Descriptor.CalibrationMethod.Kind == CalibrationMethodKind.Max || Descriptor.Axis is not null
            ? new MaxCalibrator(Descriptor.Axis)
            : new HistogramCalibrator(Descriptor.NumBits) { Unsigned = Descriptor.Unsigned };
        if (Descriptor.Amax is { } amax)
        {
            using Tensor value = amax.ToTensor();
            Amax = value;
        }
    }

    /// <summary>How this quantizer was asked to quantize.</summary>
    public QuantDescriptor Descriptor { get; }

    /// <summary>The number of bits.</summary>
    public NumBits NumBits => Descriptor.NumBits;

    /// <summary>The axes that have a range each; null for one range.</summary>
    public QuantAxes? Axis => Descriptor.Axis;

    /// <summary>Whether a signed range leaves out its lowest integer.</summary>
    public bool NarrowRange => Descriptor.NarrowRange;

    /// <summary>Whether the range is unsigned: by the descriptor, or because calibration found that it can be.</summary>
    public bool Unsigned => _unsigned;

    /// <summary>Whether it does anything; a disabled quantizer returns its input.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>Whether it quantizes while enabled.</summary>
    public bool IsQuantizing { get; set; }

    /// <summary>Whether it collects statistics while enabled.</summary>
    public bool IsCalibrating { get; set; }

    /// <summary>What collects the statistics.</summary>
    public ICalibrator Calibrator
    {
        get => _calibrator;
        set => _calibrator = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>
    /// The largest absolute value of the range, a scalar or one value for each index of <see cref="Axis"/>; null until calibrated.
    /// Setting it copies the values; the shape of an existing one cannot change.
    /// </summary>
    /// <exception cref="ArgumentException">A negative value or another shape.</exception>
    public Tensor? Amax
    {
        get => _amax;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            QuantArguments.CheckAmax(value, nameof(value));
            if (_amax is not null)
            {
                if (!_amax.shape.AsSpan().SequenceEqual(value.shape))
                {
                    throw new ArgumentException(
                        $"amax has shape [{string.Join(", ", _amax.shape)}] and cannot become one of shape [{string.Join(", ", value.shape)}]; call ResetAmax first.",
                        nameof(value));
                }

                using (no_grad())
                {
                    _amax.copy_(value);
                }

                return;
            }

            _amax = value.detach().clone().DetachFromDisposeScope();
            ConditionallyRegisterBuffer(AmaxName, _amax);
        }
    }

    /// <summary>Forgets amax, so that it is computed from each input again.</summary>
    public void ResetAmax()
    {
        if (_amax is not null)
        {
            ConditionallyRegisterBuffer(AmaxName, (Tensor)null!);
            _amax.Dispose();
            _amax = null;
        }
    }

    /// <summary>Takes the amax that a method finds in what the calibrator collected.</summary>
    /// <param name="method">The method; the descriptor's unless said otherwise.</param>
    /// <exception cref="InvalidOperationException">Nothing was collected.</exception>
    public void LoadCalibratedAmax(CalibrationMethod? method = null)
    {
        if (Descriptor.DetectUnsigned)
        {
            _unsigned = Descriptor.Unsigned || _calibrator.Minimum >= 0;
            if (_calibrator is HistogramCalibrator histogram)
            {
                histogram.Unsigned = _unsigned;
            }
        }

        using Tensor amax = _calibrator.ComputeAmax(method ?? Descriptor.CalibrationMethod)
            ?? throw new InvalidOperationException("The calibrator has seen no data. Run batches through the model while the quantizer calibrates.");
        if (_amax is not null && !_amax.shape.AsSpan().SequenceEqual(amax.shape))
        {
            ResetAmax();
        }

        Amax = amax;
    }

    /// <summary>The range of integers, for exporters.</summary>
    internal QuantRange Range => QuantRange.Of(NumBits, _unsigned, NarrowRange);

    /// <summary>amax as quantization uses it, with the descriptor's factor; a new tensor.</summary>
    internal Tensor EffectiveAmax(Tensor? input)
    {
        using var scope = NewDisposeScope();
        Tensor amax = _amax?.detach()
            ?? ReduceAmax.Apply(
                input ?? throw new InvalidOperationException("The quantizer has no amax. Calibrate it first."),
                Descriptor.Axis?.Others(input.ndim));
        if (Descriptor.ScaleAmax is { } factor)
        {
            amax = amax * factor;
        }

        return amax.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        if (!IsEnabled)
        {
            // Not the input itself: Sequential disposes what a module was given once it has its result.
            return input.alias();
        }

        if (IsCalibrating)
        {
            Collect(input);
        }

        if (!IsQuantizing)
        {
            return input.alias();
        }

        using Tensor amax = EffectiveAmax(input);
        return Descriptor.FakeQuant
            ? FakeQuant.Quantize(input, amax, Range, rejectNegative: Descriptor.Unsigned)
            : TensorQuant.Apply(input, amax, NumBits, _unsigned, NarrowRange).Quantized;
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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_calibrator as IDisposable)?.Dispose();
        }

        base.Dispose(disposing);
    }
}
