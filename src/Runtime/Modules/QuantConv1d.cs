using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A 1D convolution with quantized input and weight: [N, C, L] or [C, L] in, [N, out, L'] or [out, L'] out.</summary>
public sealed class QuantConv1d : QuantConvolution
{
    /// <summary>A convolution; parameters as of <c>torch.nn.Conv1d</c>.</summary>
    /// <param name="in_channels">The number of input channels.</param>
    /// <param name="out_channels">The number of output channels.</param>
    /// <param name="kernel_size">The size of the kernel.</param>
    /// <param name="stride">The step.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distance between kernel elements.</param>
    /// <param name="padding_mode">What the input is padded with.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="device">The device of the parameters.</param>
    /// <param name="dtype">The type of the parameters.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    /// <param name="weight">How the weight is quantized; <see cref="DefaultWeight"/> unless said otherwise.</param>
    /// <exception cref="ArgumentException">Channels that are not divisible by the groups, or "same" padding with a stride.</exception>
    public QuantConv1d(
        long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
        PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null,
        QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : this(
            in_channels, out_channels, ConvolutionShape.Of(
                Sizes.Repeat(kernel_size, 1), Sizes.Repeat(stride, 1), Sizes.Repeat(padding, 1), Sizes.Repeat(dilation, 1)),
            padding_mode, groups, bias, device, dtype, input, weight)
    {
    }

    /// <inheritdoc cref="QuantConv1d(long, long, long, long, long, long, PaddingModes, long, bool, Device, ScalarType?, QuantDescriptor, QuantDescriptor)"/>
    public QuantConv1d(
        long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
        PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null,
        QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : this(
            in_channels, out_channels, ConvolutionShape.Of(Sizes.Repeat(kernel_size, 1), Sizes.Repeat(stride, 1), padding, Sizes.Repeat(dilation, 1)),
            padding_mode, groups, bias, device, dtype, input, weight)
    {
    }

    private QuantConv1d(
        long in_channels, long out_channels, ConvolutionShape shape, PaddingModes padding_mode, long groups, bool bias, Device? device,
        ScalarType? dtype, QuantDescriptor? input, QuantDescriptor? weight)
        : base(
            nameof(QuantConv1d), in_channels, out_channels, shape, padding_mode, groups, bias, device, dtype, input ?? DefaultInput, weight ?? DefaultWeight)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    /// <summary>How weights are quantized where a constructor is not told: 8 bits per output channel, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultWeight { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }
        = QuantDescriptor.PerChannel8Bit;

    private protected override Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long[] padding)
        => nn.functional.conv1d(input, weight, bias, Shape.Stride[0], padding[0], Shape.Dilation[0], groups);
}
