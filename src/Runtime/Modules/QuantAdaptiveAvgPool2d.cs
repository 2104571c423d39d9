using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>Adaptive average pooling with quantized input: [N, C, H, W] or [C, H, W] in, the given size out.</summary>
public sealed class QuantAdaptiveAvgPool2d : QuantInputModule
{
    private readonly long[] _outputSize;

    /// <summary>A pool; parameters as of <c>torch.nn.AdaptiveAvgPool2d</c>.</summary>
    /// <param name="output_size">Height and width of the output.</param>
    /// <param name="input">How the input is quantized; 8 bits per tensor unless said otherwise.</param>
    public QuantAdaptiveAvgPool2d(long[] output_size, QuantDescriptor? input = null)
        : base(nameof(QuantAdaptiveAvgPool2d), input)
    {
        ArgumentNullException.ThrowIfNull(output_size);
        _outputSize = [.. output_size];
    }

    /// <inheritdoc cref="QuantAdaptiveAvgPool2d(long[], QuantDescriptor)"/>
    public QuantAdaptiveAvgPool2d((long, long) output_size, QuantDescriptor? input = null)
        : this([output_size.Item1, output_size.Item2], input)
    {
    }

    /// <inheritdoc cref="QuantAdaptiveAvgPool2d(long[], QuantDescriptor)"/>
    public QuantAdaptiveAvgPool2d(long output_size, QuantDescriptor? input = null)
        : this([output_size, output_size], input)
    {
    }

    /// <summary>Height and width of the output.</summary>
    public IReadOnlyList<long> output_size => _outputSize;

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using Tensor quantized = InputQuantizer.call(input);
        return nn.functional.adaptive_avg_pool2d(quantized, _outputSize);
    }
}
