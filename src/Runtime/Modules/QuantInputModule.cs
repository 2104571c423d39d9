using QuantGen.Quantizers.State;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Modules;

/// <summary>A module whose input is quantized: the base for modules without weights, also for one's own.</summary>
public abstract class QuantInputModule : Module<Tensor, Tensor>
{
    private readonly TensorQuantizer _input_quantizer;

    /// <summary>A module whose input is quantized.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="input">How the input is quantized; 8 bits per tensor unless said otherwise.</param>
    /// <exception cref="ArgumentException">A descriptor that asks for integers instead of fake quantization.</exception>
    protected QuantInputModule(string name, QuantDescriptor? input)
        : base(name)
    {
        _input_quantizer = new(ModuleDescriptors.RequireFakeQuant(input ?? QuantDescriptor.PerTensor8Bit, nameof(input)));
        register_module(nameof(_input_quantizer), _input_quantizer);
    }

    /// <summary>The quantizer of the input; <c>_input_quantizer</c> in the state dict.</summary>
    public TensorQuantizer InputQuantizer => _input_quantizer;

    /// <inheritdoc/>
    public override Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
        => StateLoader.Load(this, reader, strict, skip, loadedParameters);

    /// <inheritdoc/>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
        => StateLoader.LoadStateDict(this, source, strict, skip);

    // Parameters and buffers live in the module's own tables only: when TorchSharp moves a module it replaces the entries there, and would not see
    // fields of a base class.

    private protected Parameter? OwnParameter(string name) => has_parameter(name) ? get_parameter(name) : null;

    private protected Tensor? OwnBuffer(string name) => has_buffer(name) ? get_buffer(name) : null;

    private protected void Replace(string name, Parameter? value)
    {
        Parameter? old = OwnParameter(name);
        if (!ReferenceEquals(old, value))
        {
            ConditionallyRegisterParameter(name, value?.DetachFromDisposeScope()!);
            old?.Dispose();
        }
    }

    private protected void Replace(string name, Tensor? value)
    {
        Tensor? old = OwnBuffer(name);
        if (!ReferenceEquals(old, value))
        {
            ConditionallyRegisterBuffer(name, value?.DetachFromDisposeScope()!);
            old?.Dispose();
        }
    }
}
