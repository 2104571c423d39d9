using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>1D adaptive average pooling with quantized input: [N, C, L] or [C, L] in, the given size out.</summary>
public sealed class QuantAdaptiveAvgPool1d : QuantAdaptiveAvgPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.AdaptiveAvgPool1d</c>.</summary>
    /// <param name="output_size">The length of the output.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantAdaptiveAvgPool1d(long output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool1d), Sizes.Repeat(output_size, 1), input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, long[] size) => nn.functional.adaptive_avg_pool1d(input, size[0]);
}
