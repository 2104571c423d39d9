using QuantGen.Quantizers;
using QuantGen.Quantizers.State;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Modules;

/// <summary>An LSTM cell with quantized input, hidden state and weights.</summary>
/// <remarks>Input and hidden state share one range, and so do both weights, side by side.</remarks>
public sealed class QuantLSTMCell : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>, IQuantizedWeight, IWeightRounding
{
    private readonly long _inputSize;
    private readonly long _hiddenSize;
    private readonly TensorQuantizer _input_quantizer;
    private readonly TensorQuantizer _weight_quantizer;

    /// <summary>A cell; parameters as of <c>torch.nn.LSTMCell</c>.</summary>
    /// <param name="inputSize">The size of each input sample.</param>
    /// <param name="hiddenSize">The size of the hidden state.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="device">The device of the parameters.</param>
    /// <param name="dtype">The type of the parameters.</param>
    /// <param name="input">How input and hidden state are quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    /// <param name="weight">How the weights are quantized; <see cref="DefaultWeight"/> unless said otherwise.</param>
    public QuantLSTMCell(
        long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null,
        QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : base(nameof(QuantLSTMCell))
    {
        LstmParameters.CheckSizes(inputSize, hiddenSize);
        (_inputSize, _hiddenSize) = (inputSize, hiddenSize);
        foreach ((string name, Parameter parameter) in LstmParameters.Create("", inputSize, hiddenSize, bias, device, dtype))
        {
            register_parameter(name, parameter);
        }

        _input_quantizer = new(ModuleDescriptors.RequireFakeQuant(input ?? DefaultInput, nameof(input)));
        _weight_quantizer = new(ModuleDescriptors.RequireFakeQuant(weight ?? DefaultWeight, nameof(weight)));
        register_module(nameof(_input_quantizer), _input_quantizer);
        register_module(nameof(_weight_quantizer), _weight_quantizer);
        _input_quantizer.PlaceLike(weight_ih);
        _weight_quantizer.PlaceLike(weight_ih);
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    /// <summary>How weights are quantized where a constructor is not told: 8 bits per row, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultWeight { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }
        = QuantDescriptor.PerChannel8Bit;

    /// <summary>The quantizer of input and hidden state side by side; <c>_input_quantizer</c> in the state dict.</summary>
    public TensorQuantizer InputQuantizer => _input_quantizer;

    /// <summary>The quantizer of both weights side by side; <c>_weight_quantizer</c> in the state dict.</summary>
    public TensorQuantizer WeightQuantizer => _weight_quantizer;

    /// <summary>The weight for the input, [4 · hidden, input].</summary>
    public Parameter weight_ih
    {
        get => get_parameter(nameof(weight_ih))!;
        set => Replace(nameof(weight_ih), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>The weight for the hidden state, [4 · hidden, hidden].</summary>
    public Parameter weight_hh
    {
        get => get_parameter(nameof(weight_hh))!;
        set => Replace(nameof(weight_hh), value ?? throw new ArgumentNullException(nameof(value)));
    }

    /// <summary>The bias for the input, or null.</summary>
    public Parameter? bias_ih
    {
        get => has_parameter(nameof(bias_ih)) ? get_parameter(nameof(bias_ih)) : null;
        set => Replace(nameof(bias_ih), value);
    }

    /// <summary>The bias for the hidden state, or null.</summary>
    public Parameter? bias_hh
    {
        get => has_parameter(nameof(bias_hh)) ? get_parameter(nameof(bias_hh)) : null;
        set => Replace(nameof(bias_hh), value);
    }

    /// <summary>One step.</summary>
    /// <param name="input">The input, [N, input].</param>
    /// <param name="h0_c0">Hidden and cell state before, [N, hidden] each; zeros where null.</param>
    /// <returns>Hidden and cell state after, [N, hidden] each.</returns>
    /// <exception cref="ArgumentException">A tensor of another shape.</exception>
    public override (Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0)
    {
        ArgumentNullException.ThrowIfNull(input);
        LstmParameters.CheckShape(input, [-1, _inputSize], nameof(input));
        using var scope = NewDisposeScope();
        long[] state = [input.shape[0], _hiddenSize];
        (Tensor h, Tensor c) = LstmParameters.InitialState(input, h0_c0, state);
        (Tensor hidden, Tensor cell) = _input_quantizer.LetsPass && _weight_quantizer.LetsPass
            ? LstmGates.Next(functional.linear(h, weight_hh, bias_hh).add_(functional.linear(input, weight_ih, bias_ih)), c)
            : LstmGates.Of(_input_quantizer, _weight_quantizer, weight_ih, weight_hh, bias_ih, bias_hh).Step(input, h, c);
        return (hidden.MoveToOuterDisposeScope(), cell.MoveToOuterDisposeScope());
    }

    IEnumerable<QuantizedWeight> IQuantizedWeight.QuantizedWeights => [new(nameof(_weight_quantizer), _weight_quantizer, [weight_ih, weight_hh])];

    void IWeightRounding.RoundWeights() => IWeightRounding.Round(_weight_quantizer, weight_ih, weight_hh);

    /// <summary>One step, with the module's hooks.</summary>
    /// <inheritdoc cref="forward(Tensor, ValueTuple{Tensor, Tensor}?)"/>
    public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    /// <inheritdoc/>
    public override Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
        => StateLoader.Load(this, reader, strict, skip, loadedParameters);

    /// <inheritdoc/>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
        => StateLoader.LoadStateDict(this, source, strict, skip);

    private void Replace(string name, Parameter? value)
    {
        Parameter? old = has_parameter(name) ? get_parameter(name) : null;
        if (!ReferenceEquals(old, value))
        {
            ConditionallyRegisterParameter(name, value?.DetachFromDisposeScope()!);
            old?.Dispose();
        }
    }
}
