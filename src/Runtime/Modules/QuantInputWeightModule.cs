using QuantGen.Quantizers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A module whose input and weight are quantized, and whose bias is not: the base for modules with a weight, also for one's own.</summary>
public abstract class QuantInputWeightModule : QuantInputModule, IQuantizedWeight, IWeightRounding
{
    private readonly TensorQuantizer _weight_quantizer;

    /// <summary>A module whose input and weight are quantized.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="weight">The weight, which the module owns from now on.</param>
    /// <param name="bias">The bias, which the module owns from now on, or null.</param>
    /// <param name="inputQuantization">How the input is quantized; 8 bits per tensor unless said otherwise.</param>
    /// <param name="weightQuantization">How the weight is quantized; 8 bits for each index of axis 0 unless said otherwise.</param>
    /// <exception cref="ArgumentException">A descriptor that asks for integers instead of fake quantization.</exception>
    protected QuantInputWeightModule(
        string name, Parameter weight, Parameter? bias, QuantDescriptor? inputQuantization, QuantDescriptor? weightQuantization)
        : base(name, inputQuantization)
    {
        ArgumentNullException.ThrowIfNull(weight);
        this.weight = weight;
        if (bias is not null)
        {
            this.bias = bias;
        }

        _weight_quantizer = new(ModuleDescriptors.RequireFakeQuant(weightQuantization ?? QuantDescriptor.PerChannel8Bit, nameof(weightQuantization)));
        register_module(nameof(_weight_quantizer), _weight_quantizer);
        InputQuantizer.PlaceLike(weight);
        _weight_quantizer.PlaceLike(weight);
    }

    /// <summary>The quantizer of the weight; <c>_weight_quantizer</c> in the state dict.</summary>
    public TensorQuantizer WeightQuantizer => _weight_quantizer;

    /// <summary>The axis of the weight's output channels.</summary>
    private protected virtual int ChannelAxis => 0;

    IEnumerable<QuantizedWeight> IQuantizedWeight.QuantizedWeights => [new(nameof(_weight_quantizer), _weight_quantizer, [weight], ChannelAxis)];

    /// <summary>The weight, in floating point. A new one replaces and disposes the old one.</summary>
    public Parameter weight
    {
        get => OwnParameter(nameof(weight))!;
        set => Replace(nameof(weight), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>The bias, or null. A new one replaces and disposes the old one.</summary>
    public Parameter? bias
    {
        get => OwnParameter(nameof(bias));
        set => Replace(nameof(bias), value);
    }

    /// <summary>The weight on its quantized grid, with a straight-through gradient to <see cref="weight"/>; a new tensor.</summary>
    protected Tensor QuantizedWeight() => _weight_quantizer.call(weight);

    void IWeightRounding.RoundWeights()
    {
        using Tensor rounded = QuantizedWeight();
        weight.copy_(rounded);
    }
}
