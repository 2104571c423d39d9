using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>A module whose input and weight are quantized; the bias is not.</summary>
public abstract class QuantInputWeightModule : QuantInputModule
{
    private readonly TensorQuantizer _weight_quantizer;

    /// <summary>A module whose input and weight are quantized.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="weight">The weight, which the module owns from now on.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="inputQuantization">How the input is quantized; 8 bits per tensor unless said otherwise.</param>
    /// <param name="weightQuantization">How the weight is quantized.</param>
    protected QuantInputWeightModule(
        string name, Parameter weight, Parameter? bias, QuantDescriptor? inputQuantization, QuantDescriptor weightQuantization)
        : base(name, inputQuantization)
    {
        ArgumentNullException.ThrowIfNull(weight);
        this.weight = weight;
        if (bias is not null)
        {
            this.bias = bias;
        }

        _weight_quantizer = new(weightQuantization);
        register_module(nameof(_weight_quantizer), _weight_quantizer);
    }

    /// <summary>The quantizer of the weight; <c>_weight_quantizer</c> in the state dict.</summary>
    public TensorQuantizer WeightQuantizer => _weight_quantizer;

    // Both live in the module's own table only: when TorchSharp moves a module it replaces the entries there, and would not see fields of a base class.

    /// <summary>The weight, in floating point.</summary>
    public Parameter weight
    {
        get => get_parameter(nameof(weight))!;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ConditionallyRegisterParameter(nameof(weight), value.DetachFromDisposeScope());
        }
    }

    /// <summary>The bias, or null.</summary>
    public Parameter? bias
    {
        get => has_parameter(nameof(bias)) ? get_parameter(nameof(bias)) : null;
        set => ConditionallyRegisterParameter(nameof(bias), value?.DetachFromDisposeScope()!);
    }

    /// <summary>The weight on its quantized grid, with a straight-through gradient to <see cref="weight"/>; a new tensor.</summary>
    protected Tensor QuantizedWeight() => _weight_quantizer.call(weight);
}
