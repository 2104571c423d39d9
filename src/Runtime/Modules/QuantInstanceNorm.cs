using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Instance normalization with quantized input; weight and bias are not quantized.</summary>
public abstract class QuantInstanceNorm : QuantInputModule
{
    private readonly int _spatialDimensions;

    private protected QuantInstanceNorm(
        string name, int spatialDimensions, long num_features, double eps, double momentum, bool affine, bool track_running_stats,
        Device? device, ScalarType? dtype, QuantDescriptor input)
        : base(name, input)
    {
        _spatialDimensions = spatialDimensions;
        (this.num_features, this.eps, this.momentum) = (num_features, eps, momentum);
        (this.affine, this.track_running_stats) = (affine, track_running_stats);
        if (affine)
        {
            weight = ModuleParameters.Owned(ones([num_features], dtype: dtype, device: device));
            bias = ModuleParameters.Owned(zeros([num_features], dtype: dtype, device: device));
        }

        if (track_running_stats)
        {
            register_buffer(nameof(running_mean), zeros([num_features], dtype: dtype, device: device).DetachFromDisposeScope());
            register_buffer(nameof(running_var), ones([num_features], dtype: dtype, device: device).DetachFromDisposeScope());
            register_buffer(nameof(num_batches_tracked), tensor(0L, device: device).DetachFromDisposeScope());
        }
    }

    /// <summary>The number of channels.</summary>
    public long num_features { get; }

    /// <summary>What is added to the variance.</summary>
    public double eps { get; set; }

    /// <summary>The weight of new statistics in the running ones; null leaves those as they are.</summary>
    public double? momentum { get; set; }

    /// <summary>Whether there is a learned weight and bias for each channel.</summary>
    public bool affine { get; }

    /// <summary>Whether running statistics are kept.</summary>
    public bool track_running_stats { get; }

    /// <summary>The factor of each channel; null unless <see cref="affine"/>.</summary>
    public Parameter weight
    {
        get => OwnParameter(nameof(weight))!;
        set => Replace(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>What is added to each channel; null unless <see cref="affine"/>.</summary>
    public Parameter? bias
    {
        get => OwnParameter(nameof(bias));
        set => Replace(nameof(bias), value);
    }

    /// <summary>The running mean of each channel; null unless <see cref="track_running_stats"/>.</summary>
    public Tensor? running_mean
    {
        get => OwnBuffer(nameof(running_mean));
        set => Replace(nameof(running_mean), value);
    }

    /// <summary>The running variance of each channel; null unless <see cref="track_running_stats"/>.</summary>
    public Tensor? running_var
    {
        get => OwnBuffer(nameof(running_var));
        set => Replace(nameof(running_var), value);
    }

    /// <summary>
    /// In the state dict for compatibility; PyTorch's instance normalization does not count batches either. Null unless <see cref="track_running_stats"/>.
    /// </summary>
    public Tensor? num_batches_tracked
    {
        get => OwnBuffer(nameof(num_batches_tracked));
        set => Replace(nameof(num_batches_tracked), value);
    }

    /// <summary>Starts the running statistics anew, with a mean of 0 and a variance of 1.</summary>
    public void reset_running_stats()
    {
        running_mean?.zero_();
        running_var?.fill_(1);
        num_batches_tracked?.zero_();
    }

    /// <summary>Starts the running statistics anew, and weight and bias at 1 and 0.</summary>
    public void reset_parameters()
    {
        reset_running_stats();
        if (affine)
        {
            nn.init.ones_(weight);
            nn.init.zeros_(bias!);
        }
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        long[] shape = input.shape;
        int channels = shape.Length - _spatialDimensions - 1;
        if (channels is not (0 or 1) || shape[channels] != num_features)
        {
            throw new ArgumentException(
                $"{GetName()} expects {num_features} channels and {_spatialDimensions} spatial dimensions, with or without a batch before them; got shape [{string.Join(", ", shape)}].",
                nameof(input));
        }

        using var scope = NewDisposeScope();
        Tensor batch = channels == 0 ? InputQuantizer.call(input).unsqueeze(0) : InputQuantizer.call(input);
        Tensor normalized = nn.functional.instance_norm(
            batch, running_mean, running_var, OwnParameter(nameof(weight)), bias, use_input_stats: training || !track_running_stats, momentum ?? 0, eps);
        return (channels == 0 ? normalized.squeeze(0) : normalized).MoveToOuterDisposeScope();
    }
}
