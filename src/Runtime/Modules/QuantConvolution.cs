using System.Diagnostics.CodeAnalysis;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A convolution with quantized input and weight. Padding comes after quantization.</summary>
public abstract class QuantConvolution : QuantInputWeightModule
{
    private readonly ConvolutionShape _shape;

    private protected QuantConvolution(
        string name, long in_channels, long out_channels, ConvolutionShape shape, PaddingModes padding_mode, long groups, bool bias,
        Device? device, ScalarType? dtype, QuantDescriptor input, QuantDescriptor weight)
        : base(
            name,
            ModuleParameters.ConvolutionWeight(in_channels, out_channels, groups, shape.Kernel, transposed: false, device, dtype),
            ModuleParameters.Bias(bias, out_channels, in_channels / groups * ModuleParameters.Volume(shape.Kernel), device, dtype),
            input,
            weight)
    {
        _shape = shape;
        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.groups = groups;
        this.padding_mode = padding_mode;
    }

    /// <summary>The number of input channels.</summary>
    public long in_channels { get; }

    /// <summary>The number of output channels.</summary>
    public long out_channels { get; }

    /// <summary>The number of groups of channels that do not see each other.</summary>
    public long groups { get; }

    /// <summary>What the input is padded with.</summary>
    public PaddingModes padding_mode { get; }

    /// <summary>The kernel's size in each spatial dimension.</summary>
    public long[] kernel_size => [.. _shape.Kernel];

    /// <summary>The step in each spatial dimension.</summary>
    public long[] stride => [.. _shape.Stride];

    /// <summary>The padding before each spatial dimension; behind it one more where "same" padding is odd.</summary>
    public long[] padding => [.. _shape.PaddingBefore];

    /// <summary>The name of the padding, where the constructor was given one.</summary>
    public Padding? padding_type => _shape.PaddingType;

    /// <summary>The distance between kernel elements in each spatial dimension.</summary>
    public long[] dilation => [.. _shape.Dilation];

    /// <summary>Zeros: only transposed convolutions have it.</summary>
    public long[] output_padding => new long[_shape.Kernel.Length];

    /// <summary>Whether it is a transposed convolution, which it is not.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "TorchSharp's users ask the module.")]
    public bool transposed => false;

    internal ConvolutionShape Shape => _shape;

    /// <summary>Draws weight and bias anew, from the distribution of new ones.</summary>
    public void reset_parameters() => ModuleParameters.Reset(weight, bias);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor quantized = InputQuantizer.call(input);
        Tensor quantizedWeight = QuantizedWeight();
        long[] padding = _shape.PaddingBefore;
        if (_shape.NeedsPadding(padding_mode))
        {
            quantized = nn.functional.pad(quantized, _shape.Pads(), padding_mode == PaddingModes.Zeros ? PaddingModes.Constant : padding_mode);
            padding = new long[padding.Length];
        }

        return Convolve(quantized, quantizedWeight, bias, padding).MoveToOuterDisposeScope();
    }

    private protected abstract Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long[] padding);
}
