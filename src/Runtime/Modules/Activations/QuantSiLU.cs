using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>x · sigmoid(x) with quantized input and quantized sigmoid; any shape.</summary>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantSiLU(bool inplace = false, QuantDescriptor? input = null) : QuantActivation(nameof(QuantSiLU), inplace, input)
{
    private protected override Tensor Activate(Tensor input) => nn.functional.silu(input);

    private protected override Tensor Quantized(Tensor input, QuantRange known) => input * TensorQuantizer.QuantizeKnown(input.sigmoid(), 1, known);
}
