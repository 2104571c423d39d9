using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>1D average pooling with quantized input: [N, C, L] or [C, L] in, [N, C, L'] or [C, L'] out.</summary>
public sealed class QuantAvgPool1d : QuantAvgPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.AvgPool1d</c>.</summary>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding with zeros on both sides; at most half the window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="count_include_pad">Whether the padding counts in the average.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantAvgPool1d(
        long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true,
        QuantDescriptor? input = null)
        : base(
            nameof(QuantAvgPool1d), new(Sizes.Repeat(kernel_size, 1), Sizes.Repeat(stride, 1), Sizes.Repeat(padding, 1), null, ceil_mode),
            count_include_pad, divisor_override: null,
            input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, PoolWindow window)
        => nn.functional.avg_pool1d(input, window.Kernel[0], window.Stride?[0], window.Padding?[0], window.CeilMode, count_include_pad);
}
