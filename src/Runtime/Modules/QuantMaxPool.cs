using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Maximum pooling with quantized input.</summary>
public abstract class QuantMaxPool : QuantPool
{
    private protected QuantMaxPool(string name, PoolWindow window, QuantDescriptor input)
        : base(name, window, input)
    {
    }

    /// <summary>The distance between elements of a window in each spatial dimension.</summary>
    public long[] dilation => Window.Dilation?.ToArray() ?? Sizes.Repeat(1, Window.Kernel.Length);

    /// <summary>The maxima, and where they are: indices into the flattened spatial dimensions, as <c>max_unpool</c> takes them.</summary>
    /// <param name="input">The input.</param>
    public (Tensor Values, Tensor Indices) forward_with_indices(Tensor input)
    {
        using Tensor quantized = InputQuantizer.call(input);
        return PoolWithIndices(quantized, Window);
    }

    private protected abstract (Tensor Values, Tensor Indices) PoolWithIndices(Tensor input, PoolWindow window);
}
