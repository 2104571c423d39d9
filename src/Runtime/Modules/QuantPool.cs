using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A pool over windows of one size, with quantized input.</summary>
public abstract class QuantPool : QuantInputModule
{
    private protected QuantPool(string name, PoolWindow window, QuantDescriptor input)
        : base(name, input)
    {
        Window = window;
    }

    /// <summary>The window's size in each spatial dimension.</summary>
    public long[] kernel_size => [.. Window.Kernel];

    /// <summary>The step in each spatial dimension; the window's size unless said otherwise.</summary>
    public long[] stride => [.. Window.Stride ?? Window.Kernel];

    /// <summary>The padding on both sides of each spatial dimension.</summary>
    public long[] padding => Window.Padding?.ToArray() ?? new long[Window.Kernel.Length];

    /// <summary>Whether the output's size is rounded up.</summary>
    public bool ceil_mode => Window.CeilMode;

    internal PoolWindow Window { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor quantized = InputQuantizer.call(input);
        return Pool(quantized, Window);
    }

    private protected abstract Tensor Pool(Tensor input, PoolWindow window);
}
