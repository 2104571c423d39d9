using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>3D maximum pooling with quantized input: [N, C, D, H, W] or [C, D, H, W] in, [N, C, D', H', W'] or [C, D', H', W'] out.</summary>
public sealed class QuantMaxPool3d : QuantMaxPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.MaxPool3d</c>.</summary>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding on both sides, which never is the maximum; at most half the window.</param>
    /// <param name="dilation">The distance between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantMaxPool3d(
        long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false, QuantDescriptor? input = null)
        : base(
            nameof(QuantMaxPool3d), new(Sizes.Repeat(kernel_size, 3), Sizes.Repeat(stride, 3), Sizes.Repeat(padding, 3), Sizes.Repeat(dilation, 3), ceil_mode),
            input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantMaxPool3d(long, long?, long?, long?, bool, QuantDescriptor)"/>
    public QuantMaxPool3d(
        (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? dilation = null,
        bool ceil_mode = false, QuantDescriptor? input = null)
        : base(
            nameof(QuantMaxPool3d), new(Sizes.Of(kernel_size), Sizes.Of(stride), Sizes.Of(padding), Sizes.Of(dilation), ceil_mode), input ?? DefaultInput)
    {
    }

    /// <inheritdoc cref="QuantMaxPool3d(long, long?, long?, long?, bool, QuantDescriptor)"/>
    public QuantMaxPool3d(
        long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false,
        QuantDescriptor? input = null)
        : base(nameof(QuantMaxPool3d), PoolWindow.Copy(kernel_size, stride, padding, dilation, ceil_mode), input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, PoolWindow window)
        => nn.functional.max_pool3d(input, window.Kernel, window.Stride, window.Padding, window.Dilation, window.CeilMode);

    private protected override (Tensor Values, Tensor Indices) PoolWithIndices(Tensor input, PoolWindow window)
        => nn.functional.max_pool3d_with_indices(input, window.Kernel, window.Stride, window.Padding, window.Dilation, window.CeilMode);
}
