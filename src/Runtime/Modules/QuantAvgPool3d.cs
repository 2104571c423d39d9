using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>3D average pooling with quantized input: [N, C, D, H, W] or [C, D, H, W] in, [N, C, D', H', W'] or [C, D', H', W'] out.</summary>
public sealed class QuantAvgPool3d : QuantAvgPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.AvgPool3d</c>.</summary>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding with zeros on both sides; at most half the window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="count_include_pad">Whether the padding counts in the average.</param>
    /// <param name="divisor_override">What to divide sums by, instead of the number of elements.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantAvgPool3d(
        long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null,
        QuantDescriptor? input = null)
        : base(
            nameof(QuantAvgPool3d), new(Sizes.Repeat(kernel_size, 3), Sizes.Repeat(stride, 3), Sizes.Repeat(padding, 3), null, ceil_mode),
            count_include_pad, divisor_override,
            input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantAvgPool3d(long, long?, long?, bool, bool, long?, QuantDescriptor)"/>
    public QuantAvgPool3d(
        (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, bool ceil_mode = false,
        bool count_include_pad = true, long? divisor_override = null, QuantDescriptor? input = null)
        : base(
            nameof(QuantAvgPool3d), new(Sizes.Of(kernel_size), Sizes.Of(stride), Sizes.Of(padding), null, ceil_mode),
            count_include_pad, divisor_override,
            input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantAvgPool3d(long, long?, long?, bool, bool, long?, QuantDescriptor)"/>
    public QuantAvgPool3d(
        long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null,
        QuantDescriptor? input = null)
        : base(
            nameof(QuantAvgPool3d), PoolWindow.Copy(kernel_size, stride, padding, null, ceil_mode), count_include_pad, divisor_override, input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, PoolWindow window)
        => nn.functional.avg_pool3d(input, window.Kernel, window.Stride, window.Padding, window.CeilMode, count_include_pad, divisor_override);
}
