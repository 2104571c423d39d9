using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>x · relu6(x + 3) / 6 with quantized input and quantized gate; any shape.</summary>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantHardswish(bool inplace = false, QuantDescriptor? input = null) : QuantActivation(nameof(QuantHardswish), inplace, input)
{
    private protected override Tensor Activate(Tensor input) => nn.functional.hardswish(input);

    private protected override Tensor Quantized(Tensor input, QuantRange known) => input * QuantHardsigmoid.Gate(input, known);
}
