using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Quantizes what passes through it, as its descriptor says; collects statistics of it; or lets it pass.</summary>
/// <remarks>
/// Until it is calibrated, a quantizer computes amax from each input. Once it has one, amax is the buffer <c>_amax</c> of the state dict.
/// Nothing here reads a value back from a device while quantizing.
/// </remarks>
public sealed partial class TensorQuantizer : Module<Tensor, Tensor>
{
    /// <summary>A quantizer.</summary>
    /// <param name="descriptor">How to quantize; 8 bits per tensor unless said otherwise.</param>
    /// <param name="quantize">Whether it quantizes.</param>
    /// <param name="clip">Whether it clips to bounds that are learned; a descriptor with <see cref="QuantDescriptor.LearnAmax"/> does in any case.</param>
    /// <param name="calibrate">Whether it collects statistics.</param>
    /// <param name="disabled">Whether it does nothing at all.</param>
    /// <exception cref="ArgumentException">Clipping without learned bounds, or a calibration that the descriptor's axis does not allow.</exception>
    public TensorQuantizer(
        QuantDescriptor? descriptor = null, bool quantize = true, bool clip = false, bool calibrate = false, bool disabled = false)
        : base(nameof(TensorQuantizer))
    {
        TorchNative.EnsureLoaded();
        Descriptor = descriptor ?? QuantDescriptor.PerTensor8Bit;
        if (clip && !Descriptor.LearnAmax)
        {
            throw new ArgumentException("Only a quantizer whose descriptor says LearnAmax can clip to learned bounds.", nameof(clip));
        }

        (NumBits, Unsigned, NarrowRange) = (Descriptor.NumBits, Descriptor.Unsigned, Descriptor.NarrowRange);
        (IsQuantizing, IsCalibrating, IsEnabled) = (quantize, calibrate, !disabled && !Descriptor.IsNone);
        _calibrator = Descriptor.CreateCalibrator();
        if (Descriptor.Amax is { } amax)
        {
            using Tensor value = amax.ToTensor();
            Amax = value;
        }

        if (Descriptor.LearnAmax)
        {
            _clip = CreateClip();
            register_module("clip", _clip);
        }
    }

    /// <summary>How this quantizer was asked to quantize.</summary>
    public QuantDescriptor Descriptor { get; }

    /// <summary>The number of bits.</summary>
    public NumBits NumBits { get; set; }

    /// <summary>The axes that have a range each; null for one range.</summary>
    public QuantAxes? Axis => Descriptor.Axis;

    /// <summary>Whether the range is unsigned: by the descriptor, or because calibration found that it can be.</summary>
    public bool Unsigned { get; set; }

    /// <summary>Whether a signed range leaves out its lowest integer.</summary>
    public bool NarrowRange { get; set; }

    /// <summary>Whether it does anything; a disabled quantizer returns its input, scaled by <see cref="PreQuantScale"/>.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>Whether it quantizes while enabled.</summary>
    public bool IsQuantizing { get; set; }

    /// <summary>The largest integer of the range, or 448 for E4M3.</summary>
    public double MaxBound => NumBits.IsE4M3 ? 448 : Range.High;

    /// <summary>The scale of the last result where results are integers (<see cref="QuantDescriptor.FakeQuant"/> is false); null before.</summary>
    public Tensor? Scale { get; private set; }

    /// <summary>The distance between neighbouring values of the grid, in amax's shape; a new tensor, or null where amax is dynamic.</summary>
    /// <exception cref="InvalidOperationException">E4M3 has no step of one size.</exception>
    public Tensor? StepSize => NumBits.IsE4M3
        ? throw new InvalidOperationException("E4M3 is a floating-point format, whose values are not a step of one size apart.")
        : _amax?.div(Range.High);

    /// <summary>The range of integers.</summary>
    internal QuantRange Range => QuantRange.Of(NumBits, Unsigned, NarrowRange);

    /// <summary>Whether what passes through it comes out as it went in.</summary>
    internal bool LetsPass => _pre_quant_scale is null && !(IsEnabled && (IsCalibrating || IsQuantizing || (_clip is not null && IsClipping)));

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();

        // Never the input itself: Sequential disposes what a module was given once it has its result.
        Tensor output = _pre_quant_scale is null ? input.alias() : input * _pre_quant_scale;
        if (IsEnabled)
        {
            if (IsCalibrating)
            {
                Collect(output);
            }

            if (_clip is not null && (IsClipping || IsQuantizing))
            {
                output = _clip.call(output);
            }

            if (IsQuantizing)
            {
                output = Quantize(output);
            }
        }

        return output.MoveToOuterDisposeScope();
    }

    private Tensor Quantize(Tensor input)
    {
        Tensor amax = EffectiveAmax(input);
        if (NumBits.IsE4M3)
        {
            return Float8.ScaledE4M3(input, amax);
        }

        if (Descriptor.FakeQuant)
        {
            // A range that calibration found to be unsigned clips what is negative all the same; one that was asked for does not expect any.
            return FakeQuant.Quantize(input, amax, Range, rejectNegative: Unsigned && !Descriptor.DetectUnsigned);
        }

        // As in the reference, integers always are of the narrow range.
        (Tensor integers, Tensor scale) = TensorQuant.Apply(input, amax, NumBits, Unsigned, narrowRange: true);
        Scale?.Dispose();
        Scale = scale.DetachFromDisposeScope();
        return integers;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_calibrator as IDisposable)?.Dispose();
            Scale?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The state in one line, as the reference prints it; for example <c>8bit fake axis=0 amax=[0.5000, 1.5000](3) calibrator=MaxCalibrator scale=1.0 quant</c>.</summary>
    public override string ToString()
    {
        if (!IsEnabled)
        {
            return "disabled";
        }

        string range = $"{(Unsigned ? "unsigned " : "")}{NumBits}bit{(NarrowRange ? " narrow" : "")}{(Descriptor.FakeQuant ? " fake" : "")}";
        string axis = Axis is null ? " per-tensor" : $" axis={Axis}";
        string amax = $" amax={(_amax is null ? "dynamic" : ReferenceText.Amax(_amax))}";
        string factors = (Descriptor.ScaleAmax is { } factor and not 0 ? $" *{ReferenceText.Number(factor)}" : "") + (_pre_quant_scale is null ? "" : " pre_quant_scale");
        string scale = Descriptor.FakeQuant ? " scale=1.0" : Scale is { } last && last.numel() == 1 ? $" scale={ReferenceText.Number(last.to(ScalarType.Float64).item<double>())}" : "";
        string stages = (IsQuantizing ? " quant" : "") + (IsClipping ? " clip" : "") + (IsCalibrating ? " calib" : "");
        return $"{range}{axis}{amax}{factors}{(_clip is null ? "" : " learned")} calibrator={_calibrator.GetType().Name}{scale}{stages}";
    }
}
