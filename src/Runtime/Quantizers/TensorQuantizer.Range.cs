using QuantGen.Numerics.Formats;
using QuantGen.Quantizers;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace QuantGen;

/// <content>The range: fixed, calibrated, learned or dynamic.</content>
public sealed partial class TensorQuantizer
{
    [ComponentName(Name = "clip")]
    private readonly Clip? _clip;

    /// <summary>
    /// The largest absolute value of the range, a scalar or one value for each index of <see cref="Axis"/>; null until there is one.
    /// Setting it copies the values, into the type and onto the device of the quantizer; the shape of an existing one cannot change.
    /// Of an affine range it is the upper end, which is set together with the lower one, by <see cref="SetRange"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A value that is negative, infinite or NaN, also in the quantizer's own type; or another shape.</exception>
    /// <exception cref="InvalidOperationException">Setting it where the range is affine.</exception>
    public Tensor? Amax
    {
        get => _amax;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (Descriptor.Affine)
            {
                throw new InvalidOperationException("An affine range has two ends, which are set together: call SetRange.");
            }

            SetAmax(value, nameof(value));
            IsFromWeight = false;
        }
    }

    /// <summary>A factor for inputs, applied before anything else and also by a disabled quantizer; buffer <c>_pre_quant_scale</c>.</summary>
    /// <exception cref="ArgumentException">A value that is infinite or NaN; or another shape than that of an existing one.</exception>
    public Tensor? PreQuantScale
    {
        get => _pre_quant_scale;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            RangeChecks.RequireFinite(value, "The factor of a quantizer's inputs", nameof(value));
            SetBuffer(ref _pre_quant_scale, nameof(_pre_quant_scale), value);
        }
    }

    /// <summary>
    /// Whether it has a range other than that of each input: an amax, or learned bounds that calibration, a state or a user has set. Reads the bounds.
    /// </summary>
    internal bool HasRange
    {
        get
        {
            if (_clip is null || _amax is not null)
            {
                return _amax is not null;
            }

            using var scope = NewDisposeScope();
            float minimum = _clip.clip_value_min.detach().to(float32).cpu().item<float>(), maximum = _clip.clip_value_max.detach().to(float32).cpu().item<float>(
                );
            return maximum != FirstBound || minimum != FirstBound * (float)LowestBound();
        }
    }

    /// <summary>Whether it clips to bounds that are learned.</summary>
    public bool IsClipping => _clip is not null && _clip.clip_value_max.requires_grad;

    /// <summary>
    /// The clip with the learned bounds, <c>clip</c> in the state dict; null where the descriptor does not say <see cref="QuantDescriptor.LearnAmax"/>.
    /// </summary>
    public Clip? Clip => _clip;

    /// <summary>
    /// Whether the range was found from the weight itself, by <see cref="Calibration.CalibrateWeights"/>: statistics of batches do not replace it.
    /// </summary>
    internal bool IsFromWeight { get; private set; }

    // Where bounds lie before anything has set them.
    private const float FirstBound = 1;

    private LearnedBounds? Bounds => _clip is null ? null : new(_clip.clip_value_min, _clip.clip_value_max, Descriptor.LearnStep);

    /// <summary>Lets the bounds learn.</summary>
    /// <exception cref="InvalidOperationException">The descriptor does not say <see cref="QuantDescriptor.LearnAmax"/>.</exception>
    public void EnableClip() => SetLearning(true);

    /// <summary>Fixes the bounds; values are still clipped to them while the quantizer quantizes.</summary>
    /// <inheritdoc cref="EnableClip"/>
    public void DisableClip() => SetLearning(false);

    /// <summary>
    /// Starts the learned bounds where amax is: at the ends of its grid with <see cref="QuantDescriptor.LearnStep"/>, so that learning starts with the very
    /// values
    /// of the fixed range; otherwise at ±amax as in the reference, and at 0 instead of -amax for an unsigned range. Of an affine range, at both of its ends.
    /// </summary>
    /// <exception cref="InvalidOperationException">The descriptor does not say <see cref="QuantDescriptor.LearnAmax"/>, or there is no amax to start
    /// from.</exception>
    public void InitLearnAmax()
    {
        Clip clip = RequireClip();
        if (_amax is null)
        {
            throw new InvalidOperationException("The quantizer has no amax for its learned bounds to start from. Calibrate it first.");
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor bound = _amax.max();
        clip.clip_value_min.copy_(_amin?.min() ?? bound * LowestBound());
        clip.clip_value_max.copy_(bound);
    }

    /// <summary>Forgets amax, so that it is computed from each input again.</summary>
    public void ResetAmax()
    {
        RemoveBuffer(ref _amax, nameof(_amax));
        RemoveBuffer(ref _amin, nameof(_amin));
        RemoveBuffer(ref _format, nameof(_format));
        IsFromWeight = false;
    }

    /// <summary>Takes a range that was found in statistics, or in a weight.</summary>
    internal void TakeRange(Tensor amax, bool isUnsigned, bool isFromWeight = false)
    {
        SetAmax(amax, nameof(amax));
        _isUnsigned = isUnsigned;
        IsFromWeight = isFromWeight;
        KeepFormat();

        // A range that is learned starts where calibration ends.
        if (_clip is not null)
        {
            InitLearnAmax();
        }
    }

    /// <summary>
    /// The range that quantizing uses, with the descriptor's factor and without gradient: learned, else the buffers; null where it is each input's own. The
    /// lower end is that of an affine range, else null.
    /// </summary>
    private (Tensor? Amin, Tensor? Amax) RangeInUse(QuantFormat format)
    {
        Tensor? amin = format.Affine ? _clip?.clip_value_min.detach() ?? _amin : null;
        Tensor? amax = format.Affine ? _clip?.clip_value_max.detach() ?? _amax : Bounds?.Amax(format) ?? _amax;
        if (amax is null || Descriptor.ScaleAmax is not { } factor)
        {
            return (amin, amax);
        }

        using var noGrad = no_grad();
        return (amin is null ? null : amin * factor, amax * factor);
    }

    private void SetAmax(Tensor value, string parameter)
    {
        RangeChecks.RequireRange(value, ElementType, parameter);
        if (value.is_floating_point())
        {
            SetBuffer(ref _amax, nameof(_amax), value);
            return;
        }

        // Integers mean the numbers that they are, but nothing can be divided by them.
        using Tensor numbers = value.to(ElementType);
        SetBuffer(ref _amax, nameof(_amax), numbers);
    }

    // As a factor of amax. The lowest integer lies one step below -amax where the range is not narrow; a hair less keeps the grid from growing by it.
    private double LowestBound()
    {
        const double HairLess = 1 - 1e-6;
        QuantFormat format = Format;
        return format.Affine ? -1
            : format.Smallest == 0 ? 0
            : !Descriptor.LearnStep || format.Smallest == -format.Largest ? -1
            : format.Smallest / format.Largest * HairLess;
    }

    private Clip CreateClip()
    {
        float bound = Descriptor.Amax is { } amax
            ? amax.Values.Length == 1
                ? amax.Values[0]
                : throw new ArgumentException("A learned amax is one number; the descriptor gives an array.", nameof(Descriptor))
            : FirstBound;
        return new(Descriptor.Amin ?? bound * (float)LowestBound(), bound, learn_min: true, learn_max: true);
    }

    private Clip RequireClip() => _clip ?? throw new InvalidOperationException("This quantizer has no learned bounds: its descriptor does not say LearnAmax.");

    private void SetLearning(bool learning)
    {
        Clip clip = RequireClip();
        clip.clip_value_min.requires_grad_(learning);
        clip.clip_value_max.requires_grad_(learning);
    }
}
