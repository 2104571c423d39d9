using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Modules;

/// <summary>A module whose input is quantized.</summary>
public abstract class QuantInputModule : Module<Tensor, Tensor>
{
    private readonly TensorQuantizer _input_quantizer;

    /// <summary>A module whose input is quantized.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="input">How the input is quantized; 8 bits per tensor unless said otherwise.</param>
    protected QuantInputModule(string name, QuantDescriptor? input)
        : base(name)
    {
        _input_quantizer = new(input);
        register_module(nameof(_input_quantizer), _input_quantizer);
    }

    /// <summary>The quantizer of the input; <c>_input_quantizer</c> in the state dict.</summary>
    public TensorQuantizer InputQuantizer => _input_quantizer;
}
