using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Average pooling to a given size, with quantized input.</summary>
public abstract class QuantAdaptiveAvgPool : QuantInputModule
{
    private readonly long[] _outputSize;

    private protected QuantAdaptiveAvgPool(string name, long[] output_size, QuantDescriptor input)
        : base(name, input)
    {
        ArgumentNullException.ThrowIfNull(output_size);
        _outputSize = [.. output_size];
    }

    /// <summary>The output's size in each spatial dimension.</summary>
    public long[] output_size => [.. _outputSize];

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor quantized = InputQuantizer.call(input);
        return Pool(quantized, _outputSize);
    }

    private protected abstract Tensor Pool(Tensor input, long[] size);
}
