using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>3D adaptive average pooling with quantized input: [N, C, D, H, W] or [C, D, H, W] in, the given size out.</summary>
public sealed class QuantAdaptiveAvgPool3d : QuantAdaptiveAvgPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.AdaptiveAvgPool3d</c>.</summary>
    /// <param name="output_size">Depth, height and width of the output.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantAdaptiveAvgPool3d(long output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool3d), Sizes.Repeat(output_size, 3), input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantAdaptiveAvgPool3d(long, QuantDescriptor)"/>
    public QuantAdaptiveAvgPool3d((long, long, long) output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool3d), Sizes.Of(output_size), input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantAdaptiveAvgPool3d(long, QuantDescriptor)"/>
    public QuantAdaptiveAvgPool3d(long[] output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool3d), output_size, input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, long[] size) => nn.functional.adaptive_avg_pool3d(input, size);
}
