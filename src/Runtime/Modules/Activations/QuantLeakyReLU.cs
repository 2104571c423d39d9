using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>x where positive, otherwise x · slope, with quantized input; any shape.</summary>
/// <param name="negative_slope">The slope of the negative side.</param>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantLeakyReLU(double negative_slope = 0.01, bool inplace = false, QuantDescriptor? input = null)
    : QuantActivation(nameof(QuantLeakyReLU), inplace, input)
{
    /// <summary>The slope of the negative side.</summary>
    public double negative_slope { get; set; } = negative_slope;

    private protected override Tensor Activate(Tensor input) => nn.functional.leaky_relu(input, negative_slope);
}
