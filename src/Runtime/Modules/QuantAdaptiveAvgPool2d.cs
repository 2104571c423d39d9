using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>2D adaptive average pooling with quantized input: [N, C, H, W] or [C, H, W] in, the given size out.</summary>
public sealed class QuantAdaptiveAvgPool2d : QuantAdaptiveAvgPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.AdaptiveAvgPool2d</c>.</summary>
    /// <param name="output_size">Height and width of the output.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantAdaptiveAvgPool2d(long output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool2d), Sizes.Repeat(output_size, 2), input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantAdaptiveAvgPool2d(long, QuantDescriptor)"/>
    public QuantAdaptiveAvgPool2d((long, long) output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool2d), Sizes.Of(output_size), input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantAdaptiveAvgPool2d(long, QuantDescriptor)"/>
    public QuantAdaptiveAvgPool2d(long[] output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool2d), output_size, input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, long[] size) => nn.functional.adaptive_avg_pool2d(input, size);
}
