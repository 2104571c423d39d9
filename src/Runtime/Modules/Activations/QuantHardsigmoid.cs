using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>relu6(x + 3) / 6 with quantized input; any shape.</summary>
/// <remarks>ONNX Runtime has no integer kernel for it, but one for additions: x + 3 into integers of the range [0, 6], which clip by themselves.</remarks>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantHardsigmoid(bool inplace = false, QuantDescriptor? input = null) : QuantActivation(nameof(QuantHardsigmoid), inplace, input)
{
    /// <summary>What is added to the input, and half the width of the slope.</summary>
    internal const float Offset = 3;

    /// <summary>The width of the slope.</summary>
    internal const float Width = 6;

    private protected override Tensor Activate(Tensor input) => nn.functional.hardsigmoid(input);

    private protected override Tensor Quantized(Tensor input, QuantRange known) => Gate(input, known);

    /// <summary>The hard sigmoid of a quantized tensor, as integers times 6 / 255 · 1 / 6.</summary>
    internal static Tensor Gate(Tensor input, QuantRange known) => TensorQuantizer.QuantizeKnown(input + Offset, Width, known) * (1 / Width);
}
