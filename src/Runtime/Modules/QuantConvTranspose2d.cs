using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A transposed 2D convolution with quantized input and weight: [N, C, H, W] or [C, H, W] in, [N, out, H', W'] or [out, H', W'] out.</summary>
public sealed class QuantConvTranspose2d : QuantConvolutionTranspose
{
    /// <summary>A transposed convolution; parameters as of <c>torch.nn.ConvTranspose2d</c>.</summary>
    /// <param name="in_channels">The number of input channels.</param>
    /// <param name="out_channels">The number of output channels.</param>
    /// <param name="kernel_size">The size of the kernel.</param>
    /// <param name="stride">The step.</param>
    /// <param name="padding">What a convolution would have padded, which the output is smaller by, on both sides.</param>
    /// <param name="output_padding">What the output is larger by, on one side.</param>
    /// <param name="dilation">The distance between kernel elements.</param>
    /// <param name="padding_mode">Zeros; nothing else is possible.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <param name="device">The device of the parameters.</param>
    /// <param name="dtype">The type of the parameters.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    /// <param name="weight">How the weight is quantized; <see cref="DefaultWeight"/> unless said otherwise.</param>
    /// <exception cref="ArgumentException">Channels that are not divisible by the groups, an output padding as large as both stride and dilation, or padding
    /// with anything but zeros.</exception>
    public QuantConvTranspose2d(
        long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1,
        PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null,
        QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : this(
            in_channels, out_channels,
            new TransposedShape(
                Sizes.Repeat(kernel_size, 2), Sizes.Repeat(stride, 2), Sizes.Repeat(padding, 2), Sizes.Repeat(output_padding, 2), Sizes.Repeat(dilation, 2)),
            padding_mode, groups, bias, device, dtype, input, weight)
    {
    }

    /// <inheritdoc cref="QuantConvTranspose2d(long, long, long, long, long, long, long, PaddingModes, long, bool, Device, ScalarType?, QuantDescriptor, QuantDescriptor)"/>
    public QuantConvTranspose2d(
        long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
        (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1,
        bool bias = true, Device? device = null, ScalarType? dtype = null, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : this(
            in_channels, out_channels,
            new TransposedShape(
                Sizes.Of(kernel_size), Sizes.Of(stride ?? (1, 1)), Sizes.Of(padding ?? (0, 0)), Sizes.Of(output_padding ?? (0, 0)), Sizes.Of(dilation ?? (1, 1))),
            padding_mode, groups, bias, device, dtype, input, weight)
    {
    }

    private QuantConvTranspose2d(
        long in_channels, long out_channels, TransposedShape shape, PaddingModes padding_mode, long groups, bool bias, Device? device,
        ScalarType? dtype, QuantDescriptor? input, QuantDescriptor? weight)
        : base(
            nameof(QuantConvTranspose2d), in_channels, out_channels, shape, padding_mode, groups, bias, device, dtype,
            input ?? DefaultInput, weight ?? DefaultWeight)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    /// <summary>
    /// How weights are quantized where a constructor is not told: 8 bits per output channel, which is axis 1 here, unless set otherwise before.
    /// </summary>
    public static QuantDescriptor DefaultWeight { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }
        = QuantDescriptor.TransposedPerChannel8Bit;

    private protected override Tensor Convolve(Tensor input, Tensor weight, Tensor? bias, long[] outputPadding)
        => nn.functional.conv_transpose2d(input, weight, bias, Shape.Stride, Shape.Padding, outputPadding, Shape.Dilation, groups);
}
