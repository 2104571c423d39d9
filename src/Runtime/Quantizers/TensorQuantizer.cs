using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using QuantGen.Quantizers;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Quantizes what passes through it, as its descriptor says; collects statistics of it; or lets it pass.</summary>
/// <remarks>
/// Until it is calibrated, a quantizer computes amax from each input. Once it has one, amax is the buffer <c>_amax</c> of the state dict.
/// Nothing here reads a value back from a device while quantizing. Tensors that are not floating point pass unchanged.
/// Several threads may call one quantizer at the same time, also while it collects; its properties, and its state, are for one thread at a time,
/// while no other one calls it.
/// </remarks>
public sealed partial class TensorQuantizer : Module<Tensor, Tensor>
{
    private readonly Lock _lock = new();
    private NumBits _numBits;
    private bool _isUnsigned;
    private bool _hasNarrowRange;

    /// <summary>A quantizer.</summary>
    /// <param name="descriptor">How to quantize; 8 bits per tensor unless said otherwise.</param>
    /// <param name="quantize">Whether it quantizes.</param>
    /// <param name="clip">Whether it clips to bounds that are learned; a descriptor with <see cref="QuantDescriptor.LearnAmax"/> does in any case.</param>
    /// <param name="calibrate">Whether it collects statistics.</param>
    /// <param name="disabled">Whether it does nothing at all.</param>
    /// <exception cref="ArgumentException">
    /// Clipping without learned bounds, a calibration that the descriptor's axis does not allow, or a factor of amax that is negative or does not go with
    /// learning, or an affine range with what contradicts it.
    /// </exception>
    public TensorQuantizer(
        QuantDescriptor? descriptor = null, bool quantize = true, bool clip = false, bool calibrate = false, bool disabled = false)
        : base(nameof(TensorQuantizer))
    {
        TorchNative.EnsureLoaded();
        Descriptor = descriptor ?? QuantDescriptor.PerTensor8Bit;
        Descriptor.RequireConsistentAffine();
        if (clip && !Descriptor.LearnAmax)
        {
            throw new ArgumentException("Only a quantizer whose descriptor says LearnAmax can clip to learned bounds.", nameof(clip));
        }

        if (Descriptor.ScaleAmax is { } scale && !(scale >= 0 && double.IsFinite(scale)))
        {
            throw new ArgumentException("ScaleAmax is a factor of a range, and must be finite and not negative.", nameof(descriptor));
        }

        if (Descriptor is { LearnAmax: true, LearnStep: true, ScaleAmax: not null })
        {
            throw new ArgumentException("A range that learns from rounding finds its own size: leave out ScaleAmax, or LearnStep.", nameof(descriptor));
        }

        (_numBits, _isUnsigned, _hasNarrowRange) = (Descriptor.NumBits, Descriptor.Unsigned, Descriptor.NarrowRange);
        (IsQuantizing, IsCalibrating, IsEnabled) = (quantize, calibrate, !disabled && !Descriptor.IsNone);
        _calibrator = Descriptor.CreateCalibrator();
        if (Descriptor.Amax is { } amax)
        {
            using Tensor value = amax.ToTensor();
            SetFixedRange(value, Descriptor.Amin);
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
    /// <exception cref="ArgumentException">E4M3, or more than 16 bits, for an affine range.</exception>
    public NumBits NumBits
    {
        get => _numBits;
        set
        {
            (Descriptor with { NumBits = value }).RequireConsistentAffine();
            _numBits = value;
            RefreshFormat();
        }
    }

    /// <summary>The axes that have a range each; null for one range.</summary>
    public QuantAxes? Axis => Descriptor.Axis;

    /// <summary>Whether the range is unsigned: by the descriptor, or because calibration found that it can be.</summary>
    /// <exception cref="ArgumentException">Setting it for an affine range.</exception>
    public bool Unsigned
    {
        get => _isUnsigned;
        set
        {
            (Descriptor with { Unsigned = value }).RequireConsistentAffine();
            _isUnsigned = value;
            RefreshFormat();
        }
    }

    /// <summary>Whether a signed range leaves out its lowest integer.</summary>
    /// <exception cref="ArgumentException">Setting it for an affine range.</exception>
    public bool NarrowRange
    {
        get => _hasNarrowRange;
        set
        {
            (Descriptor with { NarrowRange = value }).RequireConsistentAffine();
            _hasNarrowRange = value;
            RefreshFormat();
        }
    }

    /// <summary>Whether it does anything; a disabled quantizer returns its input, scaled by <see cref="PreQuantScale"/>.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>Whether it quantizes while enabled.</summary>
    public bool IsQuantizing { get; set; }

    /// <summary>The largest integer of the range, or 448 for E4M3; for an affine range, whose integers start at 0, 2ⁿ - 1.</summary>
    public double MaxBound => Format.Largest;

    /// <summary>
    /// The scale of the last result where results are integers (<see cref="QuantDescriptor.FakeQuant"/> is false); null before. The next result's replaces and
    /// disposes it.
    /// </summary>
    public Tensor? Scale { get; private set; }

    /// <summary>The distance between neighbouring values of the grid, in amax's shape; a new tensor, or null where amax is dynamic.</summary>
    /// <exception cref="InvalidOperationException">E4M3 has no step of one size.</exception>
    public Tensor? StepSize
    {
        get
        {
            if (NumBits.IsE4M3)
            {
                throw new InvalidOperationException("E4M3 is a floating-point format, whose values are not a step of one size apart.");
            }

            using var scope = NewDisposeScope();
            (Tensor? amin, Tensor? amax) = RangeInUse(Format);
            Tensor? step = amax is not null && amin is not null ? AffineQuant.Compose(amin, amax, Format.Largest, amax.device).Step : amax?.div(Format.Largest);
            return step?.MoveToOuterDisposeScope();
        }
    }

    /// <summary>The numbers that it quantizes to.</summary>
    internal QuantFormat Format => new(_numBits, _isUnsigned, _hasNarrowRange, Descriptor.Affine);

    /// <summary>What it does now; to be used inside a dispose scope.</summary>
    internal ResolvedQuantization Resolve()
    {
        bool quantizes = IsEnabled && IsQuantizing && !OnlyCollects;
        bool clips = IsEnabled && (IsClipping || IsQuantizing) && !OnlyCollects;
        (Tensor? amin, Tensor? amax) = quantizes ? RangeInUse(Format) : (null, null);
        return new(
            _pre_quant_scale,
            clips ? Bounds : null,
            quantizes ? Format : null,
            amax,
            amin,
            Descriptor.ScaleAmax,
            Axis);
    }

    /// <summary>Whether what passes through it comes out as it went in, and nothing is collected.</summary>
    internal bool LetsPass
    {
        get
        {
            using var scope = NewDisposeScope();
            return Resolve().LetsPass && !(IsEnabled && IsCalibrating);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!input.is_floating_point())
        {
            // A sum that starts with the integer 0, for example: integers have nothing to round.
            return input.alias();
        }

        using var scope = NewDisposeScope();
        ResolvedQuantization steps = Resolve();
        Tensor scaled = steps.Scale(input);
        if (IsEnabled && IsCalibrating)
        {
            // The tensor that came in where it is the same: by it, a weight is known.
            Collect(steps.PreScale is null ? input : scaled);
        }

        if (steps.Format is not null && !Descriptor.FakeQuant && !steps.Format.Value.IsE4M3)
        {
            return ToIntegers(steps, scaled).MoveToOuterDisposeScope();
        }

        // A range that calibration found to be unsigned clips what is negative all the same; one that was asked for does not expect any.
        return steps.Quantize(scaled, rejectNegative: Unsigned && !Descriptor.DetectUnsigned).MoveToOuterDisposeScope();
    }

    private Tensor ToIntegers(ResolvedQuantization steps, Tensor scaled)
    {
        Tensor clipped = steps.Bounds?.Clip(scaled) ?? scaled;

        // As in the reference, integers always are of the narrow range.
        (Tensor integers, Tensor scale) = TensorQuant.Apply(clipped, steps.AmaxFor(clipped), NumBits, Unsigned, narrowRange: true);
        lock (_lock)
        {
            Scale?.Dispose();
            Scale = scale.DetachFromDisposeScope();
        }

        return integers;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (!HasOwnCalibrator)
            {
                (_calibrator as IDisposable)?.Dispose();
            }

            Scale?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// The state in one line, as the reference prints it; for example <c>8bit fake axis=0 amax=[0.5000, 1.5000](3) calibrator=MaxCalibrator scale=1.0
    /// quant</c>.
    /// </summary>
    public override string ToString()
    {
        if (!IsEnabled)
        {
            return "disabled";
        }

        string range = $"{(Unsigned ? "unsigned " : Descriptor.Affine ? "affine " : "")}{NumBits}bit{(NarrowRange ? " narrow" : "")}{(Descriptor.FakeQuant ? " fake" : "")}";
        string axis = Axis is null ? " per-tensor" : $" axis={Axis}";
        string amin = _amin is null ? "" : $" amin={ReferenceText.Amax(_amin)}";
        string amax = $" amax={(_amax is null ? "dynamic" : ReferenceText.Amax(_amax))}";
        string factors = (Descriptor.ScaleAmax is { } factor and not 0 ? $" *{ReferenceText.Number(factor)}" : "") + (
            _pre_quant_scale is null ? "" : " pre_quant_scale");
        string scale = Descriptor.FakeQuant
            ? " scale=1.0"
            : Scale is { } last && last.numel() == 1
            ? $" scale={ReferenceText.Number(last.to(ScalarType.Float64).item<double>())}"
            : "";
        string stages = (IsQuantizing ? " quant" : "") + (IsClipping ? " clip" : "") + (IsCalibrating ? " calib" : "");
        return $"{range}{axis}{amin}{amax}{factors}{(_clip is null ? "" : " learned")} calibrator={_calibrator.GetType().Name}{scale}{stages}";
    }
}
