using TorchSharp.Modules;
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
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    /// <param name="weight">How the weight is quantized; <see cref="DefaultWeight"/> unless said otherwise.</param>
    public QuantLinear(
        long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null,
        QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : base(
            nameof(QuantLinear), ModuleParameters.Weight([outputSize, inputSize], device, dtype),
            ModuleParameters.Bias(hasBias, outputSize, inputSize, device, dtype), input ?? DefaultInput, weight ?? DefaultWeight)
    {
        (in_features, out_features) = (inputSize, outputSize);
    }

    /// <summary>A linear layer of given parameters; as of <c>torch.nn.Linear</c>.</summary>
    /// <param name="weight">The weight, [out, in], which the layer owns from now on.</param>
    /// <param name="bias">The bias, [out], which the layer owns from now on, or null.</param>
    /// <param name="input">How the input is quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    /// <param name="weightQuantization">How the weight is quantized; <see cref="DefaultWeight"/> unless said otherwise.</param>
    /// <exception cref="ArgumentException">The weight is not a matrix, or the bias does not fit it.</exception>
    public QuantLinear(Parameter weight, Parameter? bias = null, QuantDescriptor? input = null, QuantDescriptor? weightQuantization = null)
        : base(nameof(QuantLinear), Matrix(weight), Fitting(bias, weight), input ?? DefaultInput, weightQuantization ?? DefaultWeight)
    {
        (in_features, out_features) = (weight.shape[1], weight.shape[0]);
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    /// <summary>How weights are quantized where a constructor is not told: 8 bits per row, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultWeight { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }
        = QuantDescriptor.PerChannel8Bit;

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

    private static Parameter Matrix(Parameter weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        return weight.ndim == 2 ? weight : throw new ArgumentException(
            $"The weight of a linear layer has the shape [out, in]; got [{string.Join(", ", weight.shape)}].", nameof(weight));
    }

    private static Parameter? Fitting(Parameter? bias, Parameter weight)
        => bias is null || bias.shape is [var count] && count == weight.shape[0] ? bias : throw new ArgumentException(
            $"The bias of a linear layer of {weight.shape[0]} outputs has the shape [{weight.shape[0]}]; got [{string.Join(", ", bias.shape)}].", nameof(bias));
}
