using static TorchSharp.torch;
using Approximate = TorchSharp.Modules.GELU.Approximate;

namespace QuantGen.Modules;

/// <summary>x · Φ(x) with quantized input; any shape. ONNX Runtime computes it in floating point between integers.</summary>
public sealed class QuantGELU : QuantActivation
{
    /// <summary>The exact function.</summary>
    /// <param name="inplace">Whether the result replaces the input, too.</param>
    /// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
    public QuantGELU(bool inplace = false, QuantDescriptor? input = null)
        : this(Approximate.none, inplace, input)
    {
    }

    /// <summary>The exact function or its approximation (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    /// <param name="approximate">Which of the two.</param>
    /// <param name="inplace">Whether the result replaces the input, too.</param>
    /// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
    public QuantGELU(Approximate approximate, bool inplace = false, QuantDescriptor? input = null)
        : base(nameof(QuantGELU), inplace, input) => this.approximate = approximate;

    /// <summary>Whether it is the approximation by tanh.</summary>
    public Approximate approximate { get; set; }

    private protected override Tensor Activate(Tensor input) => nn.functional.gelu(input, approximate);
}
