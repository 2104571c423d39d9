using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A linear layer with quantized input and weight: [*, in] in, [*, out] out.</summary>
public sealed class QuantLinear : QuantInputWeightModule
{
    /// <summary>A linear layer; parameters as of <c>torch.nn.Linear</c>.</summary>
    /// <param name="inputSize">The size of each input sample.</param>
    /// <param name="outputSize">The size of each output sample.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    /// <param name="device">The device of the parameters.</param>
    /// <param name="dtype">The type of the parameters.</param>
    /// <param name="input">How the input is quantized; 8 bits per tensor unless said otherwise.</param>
    /// <param name="weight">How the weight is quantized; 8 bits per row unless said otherwise.</param>
    public QuantLinear(
        long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null,
        QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : base(
            nameof(QuantLinear), ModuleParameters.Weight([outputSize, inputSize], device, dtype),
            ModuleParameters.Bias(hasBias, outputSize, inputSize, device, dtype), input, weight ?? QuantDescriptor.PerChannel8Bit)
    {
        (in_features, out_features) = (inputSize, outputSize);
    }

    /// <summary>The size of each input sample.</summary>
    public long in_features { get; }

    /// <summary>The size of each output sample.</summary>
    public long out_features { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(InputQuantizer.call(input), QuantizedWeight(), bias).MoveToOuterDisposeScope();
    }
}
