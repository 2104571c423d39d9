using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>x where positive, otherwise alpha · (eˣ - 1), with quantized input; any shape.</summary>
/// <param name="alpha">The negative of the limit on the negative side.</param>
/// <param name="inplace">Whether the result replaces the input, too.</param>
/// <param name="input">How the input is quantized; <see cref="QuantActivation.DefaultInput"/> unless said otherwise.</param>
public sealed class QuantELU(double alpha = 1, bool inplace = false, QuantDescriptor? input = null) : QuantActivation(nameof(QuantELU), inplace, input)
{
    /// <summary>The negative of the limit on the negative side.</summary>
    public double alpha { get; set; } = alpha;

    private protected override Tensor Activate(Tensor input) => nn.functional.elu(input, alpha);
}
