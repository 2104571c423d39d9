using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>1 / (1 + e⁻ˣ) with quantized input; any shape.</summary>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantSigmoid(bool inplace = false, QuantDescriptor? input = null) : QuantActivation(nameof(QuantSigmoid), inplace, input)
{
    private protected override Tensor Activate(Tensor input) => input.sigmoid();
}
