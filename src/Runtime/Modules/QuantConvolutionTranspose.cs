using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A transposed convolution with quantized input and weight.</summary>
public abstract class QuantConvolutionTranspose : QuantInputWeightModule
{
    private readonly TransposedShape _shape;

    private protected QuantConvolutionTranspose(
        string name, long in_channels, long out_channels, TransposedShape shape, PaddingModes padding_mode, long groups, bool bias,
        Device? device, ScalarType? dtype, QuantDescriptor input, QuantDescriptor weight)
        : base(
            name,
            ModuleParameters.ConvolutionWeight(in_channels, out_channels, groups, Checked(shape, padding_mode).Kernel, transposed: true, device, dtype),
            ModuleParameters.Bias(bias, out_channels, out_channels / groups * ModuleParameters.Volume(shape.Kernel), device, dtype),
            input,
            weight)
    {
        _shape = shape;
        (this.in_channels, this.out_channels, this.groups) = (in_channels, out_channels, groups);
    }

    private protected override int ChannelAxis => 1;

    /// <summary>The number of input channels.</summary>
    public long in_channels { get; }

    /// <summary>The number of output channels.</summary>
    public long out_channels { get; }

    /// <summary>The number of groups of channels that do not see each other.</summary>
    public long groups { get; }

    /// <summary>The kernel's size in each spatial dimension.</summary>
    public long[] kernel_size => [.. _shape.Kernel];

    /// <summary>The step in each spatial dimension.</summary>
    public long[] stride => [.. _shape.Stride];

    /// <summary>What the output is smaller by, on both sides of each spatial dimension.</summary>
    public long[] padding => [.. _shape.Padding];

    /// <summary>What the output is larger by, behind each spatial dimension.</summary>
    public long[] output_padding => [.. _shape.OutputPadding];

    /// <summary>The distance between kernel elements in each spatial dimension.</summary>
    public long[] dilation => [.. _shape.Dilation];

    /// <summary>Whether it is a transposed convolution, which it is.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "TorchSharp's users ask the module.")]
    public bool transposed => true;

    /// <summary>Zeros: a transposed convolution has no other.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "TorchSharp's users ask the module.")]
    public PaddingModes padding_mode => PaddingModes.Zeros;

    /// <summary>Null: a transposed convolution's padding has no name.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "TorchSharp's users ask the module.")]
    public Padding? padding_type => null;

    internal TransposedShape Shape => _shape;

    /// <summary>Draws weight and bias anew, from the distribution of new ones.</summary>
    public void reset_parameters() => ModuleParameters.Reset(weight, bias);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => forward(input, output_size: null);

    /// <summary>The transposed convolution with an output of a given size: with a stride, several sizes of outputs come from one size of input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="output_size">The sizes of the output's spatial dimensions, or its whole shape; null to use <see cref="output_padding"/>.</param>
    /// <exception cref="ArgumentException">A size that this input cannot have; the message says which it can.</exception>
    public Tensor forward(Tensor input, long[]? output_size)
    {
        ArgumentNullException.ThrowIfNull(input);
        long[] outputPadding = _shape.OutputPaddingFor(input.shape, output_size);
        using var scope = NewDisposeScope();
        return Convolve(InputQuantizer.call(input), QuantizedWeight(), bias, outputPadding).MoveToOuterDisposeScope();
    }

    private protected abstract Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long[] outputPadding);

    private static TransposedShape Checked(TransposedShape shape, PaddingModes mode)
    {
        if (mode != PaddingModes.Zeros)
        {
            throw new ArgumentException($"A transposed convolution can only have padding_mode Zeros; got {mode}.", nameof(mode));
        }

        for (int i = 0; i < shape.Kernel.Length; i++)
        {
            if (shape.OutputPadding[i] >= Math.Max(shape.Stride[i], shape.Dilation[i]))
            {
                throw new ArgumentException(
                    $"output_padding must be smaller than stride or dilation; got {shape.OutputPadding[i]}, {shape.Stride[i]} and {shape.Dilation[i]}.", nameof(
                        shape));
            }
        }

        return shape;
    }
}
