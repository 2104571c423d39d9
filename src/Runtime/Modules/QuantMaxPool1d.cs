using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>1D maximum pooling with quantized input: [N, C, L] or [C, L] in, [N, C, L'] or [C, L'] out.</summary>
public sealed class QuantMaxPool1d : QuantMaxPool
{
    /// <summary>A pool; parameters as of <c>torch.nn.MaxPool1d</c>.</summary>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding on both sides, which never is the maximum; at most half the window.</param>
    /// <param name="dilation">The distance between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    public QuantMaxPool1d(
        long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false, QuantDescriptor? input = null)
        : base(
            nameof(QuantMaxPool1d), new(Sizes.Repeat(kernel_size, 1), Sizes.Repeat(stride, 1), Sizes.Repeat(padding, 1), Sizes.Repeat(dilation, 1), ceil_mode),
            input ?? DefaultInput)
    {
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    private protected override Tensor Pool(Tensor input, PoolWindow window)
        => nn.functional.max_pool1d(input, window.Kernel[0], window.Stride?[0], window.Padding?[0], window.Dilation?[0], window.CeilMode);

    private protected override (Tensor Values, Tensor Indices) PoolWithIndices(Tensor input, PoolWindow window)
        => nn.functional.max_pool1d_with_indices(input, window.Kernel[0], window.Stride?[0], window.Padding?[0], window.Dilation?[0], window.CeilMode);
}
