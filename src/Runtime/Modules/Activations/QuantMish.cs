using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>x · tanh(softplus(x)) with quantized input; any shape.</summary>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantMish(bool inplace = false, QuantDescriptor? input = null) : QuantActivation(nameof(QuantMish), inplace, input)
{
    private protected override Tensor Activate(Tensor input) => nn.functional.mish(input);
}
