using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Clips to a range whose bounds can be learned (PACT, Choi et al., arXiv:1805.06085).</summary>
public sealed class Clip : Module<Tensor, Tensor>
{
    /// <summary>A clip with scalar bounds.</summary>
    /// <param name="clip_value_min">The lower bound.</param>
    /// <param name="clip_value_max">The upper bound.</param>
    /// <param name="learn_min">Whether the lower bound is a parameter of that name; otherwise it is a buffer outside the state dict.</param>
    /// <param name="learn_max">Whether the upper bound is a parameter of that name; otherwise it is a buffer outside the state dict.</param>
    public Clip(float clip_value_min, float clip_value_max, bool learn_min = false, bool learn_max = false)
        : base(nameof(Clip))
    {
        Register(nameof(clip_value_min), tensor(clip_value_min), learn_min);
        Register(nameof(clip_value_max), tensor(clip_value_max), learn_max);
    }

    /// <summary>A clip with fixed bounds of any shape that broadcasts to the input's.</summary>
    /// <param name="clip_value_min">The lower bound; copied.</param>
    /// <param name="clip_value_max">The upper bound; copied.</param>
    public Clip(Tensor clip_value_min, Tensor clip_value_max)
        : base(nameof(Clip))
    {
        ArgumentNullException.ThrowIfNull(clip_value_min);
        ArgumentNullException.ThrowIfNull(clip_value_max);
        Register(nameof(clip_value_min), clip_value_min.detach().clone(), learn: false);
        Register(nameof(clip_value_max), clip_value_max.detach().clone(), learn: false);
    }

    /// <summary>The lower bound.</summary>
    public Tensor clip_value_min
    {
        get => Bound(nameof(clip_value_min));
        private set => Replace(nameof(clip_value_min), value);
    }

    /// <summary>The upper bound.</summary>
    public Tensor clip_value_max
    {
        get => Bound(nameof(clip_value_max));
        private set => Replace(nameof(clip_value_max), value);
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => LearnedClip.Apply(input, clip_value_min, clip_value_max);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // TorchSharp's modules do not dispose buffers outside the state dict.
            clip_value_min.Dispose();
            clip_value_max.Dispose();
        }

        base.Dispose(disposing);
    }

    private Tensor Bound(string name) => has_parameter(name) ? get_parameter(name)! : get_buffer(name)!;

    // TorchSharp sets properties that have a parameter's name when it moves a module to another device or type.
    private void Replace(string name, Tensor value)
    {
        Tensor old = Bound(name);
        if (value is Parameter parameter)
        {
            ConditionallyRegisterParameter(name, parameter.DetachFromDisposeScope());
        }
        else
        {
            ConditionallyRegisterBuffer(name, value.DetachFromDisposeScope(), persistent: false);
        }

        old.Dispose();
    }

    private void Register(string name, Tensor value, bool learn)
    {
        if (learn)
        {
            register_parameter(name, (Parameter)new Parameter(value).DetachFromDisposeScope());
        }
        else
        {
            register_buffer(name, value.DetachFromDisposeScope(), persistent: false);
        }
    }
}
