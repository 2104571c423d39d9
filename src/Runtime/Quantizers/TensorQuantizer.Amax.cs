using TorchSharp.Utils;
using static TorchSharp.torch;

namespace QuantGen;

/// <content>amax: fixed, calibrated, learned or dynamic.</content>
public sealed partial class TensorQuantizer
{
    // TorchSharp finds tensors in fields by name when it moves a module between devices, so that fields have the names of their buffers.
    private Tensor? _amax;
    private Tensor? _pre_quant_scale;
    private Tensor? _unsigned;
    [ComponentName(Name = "clip")]
    private readonly Clip? _clip;

    /// <summary>
    /// The largest absolute value of the range, a scalar or one value for each index of <see cref="Axis"/>; null until there is one.
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
            SetBuffer(ref _amax, nameof(_amax), value);
        }
    }

    /// <summary>A factor for inputs, applied before anything else and also by a disabled quantizer; buffer <c>_pre_quant_scale</c>.</summary>
    /// <exception cref="ArgumentException">The shape of an existing one cannot change.</exception>
    public Tensor? PreQuantScale
    {
        get => _pre_quant_scale;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            SetBuffer(ref _pre_quant_scale, nameof(_pre_quant_scale), value);
        }
    }

    /// <summary>Whether it clips to bounds that are learned.</summary>
    public bool IsClipping => _clip is not null && _clip.clip_value_max.requires_grad;

    /// <summary>The clip with the learned bounds, <c>clip</c> in the state dict; null where the descriptor does not say <see cref="QuantDescriptor.LearnAmax"/>.</summary>
    public Clip? Clip => _clip;

    /// <summary>Lets the bounds learn.</summary>
    /// <exception cref="InvalidOperationException">The descriptor does not say <see cref="QuantDescriptor.LearnAmax"/>.</exception>
    public void EnableClip() => SetLearning(true);

    /// <summary>Fixes the bounds; values are still clipped to them while the quantizer quantizes.</summary>
    /// <inheritdoc cref="EnableClip"/>
    public void DisableClip() => SetLearning(false);

    /// <summary>Starts the learned bounds at ±amax.</summary>
    /// <exception cref="InvalidOperationException">The descriptor does not say <see cref="QuantDescriptor.LearnAmax"/>, or there is no amax to start from.</exception>
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
        clip.clip_value_min.copy_(bound.neg());
        clip.clip_value_max.copy_(bound);
    }

    /// <summary>Forgets amax, so that it is computed from each input again.</summary>
    public void ResetAmax()
    {
        if (_amax is not null)
        {
            ConditionallyRegisterBuffer(nameof(_amax), null!);
            _amax.Dispose();
            _amax = null;
        }
    }

    /// <summary>amax as quantization uses it, with the descriptor's factor: learned, else the buffer, else that of the input; a new tensor without gradient.</summary>
    /// <exception cref="InvalidOperationException">There is no amax and no input to take it from.</exception>
    internal Tensor EffectiveAmax(Tensor? input)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor amax = _clip is not null ? maximum(_clip.clip_value_min.neg(), _clip.clip_value_max)
            : _amax is not null ? _amax.alias()
            : ReduceAmax.Apply(input ?? throw new InvalidOperationException("The quantizer has no amax. Calibrate it first."), Axis?.Others(input.ndim));
        return (Descriptor.ScaleAmax is { } factor ? amax * factor : amax).MoveToOuterDisposeScope();
    }

    private Clip CreateClip()
    {
        float bound = Descriptor.Amax is { } amax
            ? amax.Values.Length == 1 ? amax.Values[0] : throw new ArgumentException("A learned amax is one number; the descriptor gives an array.", nameof(Descriptor))
            : 1;
        return new(-bound, bound, learn_min: true, learn_max: true);
    }

    private Clip RequireClip() => _clip ?? throw new InvalidOperationException("This quantizer has no learned bounds: its descriptor does not say LearnAmax.");

    private void SetLearning(bool learning)
    {
        Clip clip = RequireClip();
        clip.clip_value_min.requires_grad_(learning);
        clip.clip_value_max.requires_grad_(learning);
    }

    private void SetBuffer(ref Tensor? buffer, string name, Tensor value)
    {
        if (buffer is null)
        {
            using Tensor detached = value.detach();
            buffer = detached.clone().DetachFromDisposeScope();
            ConditionallyRegisterBuffer(name, buffer);
            return;
        }

        if (!buffer.shape.AsSpan().SequenceEqual(value.shape))
        {
            throw new ArgumentException(
                $"{name} has shape [{string.Join(", ", buffer.shape)}], which cannot change to [{string.Join(", ", value.shape)}].", nameof(value));
        }

        using (no_grad())
        {
            buffer.copy_(value);
        }
    }
}
