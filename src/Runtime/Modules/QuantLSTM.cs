using System.Diagnostics.CodeAnalysis;
using QuantGen.Quantizers;
using QuantGen.Quantizers.State;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.utils.rnn;

namespace QuantGen.Modules;

/// <summary>An LSTM of several layers with quantized inputs, hidden states and weights.</summary>
/// <remarks>
/// Each layer and direction has a quantizer for its input and hidden state, which share one range, and one for both of its weights, side by side.
/// Weights are quantized once a forward pass; inputs and hidden states at each step, where a dynamic range is that of the step.
/// While no quantizer does anything, LibTorch's own LSTM runs, and hooks of the quantizers do not.
/// </remarks>
public sealed class QuantLSTM : Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>, IQuantizedWeight, IWeightRounding
{
    private readonly LstmSizes _sizes;
    private readonly ModuleList<TensorQuantizer> _input_quantizers;
    private readonly ModuleList<TensorQuantizer> _weight_quantizers;

    /// <summary>An LSTM; parameters as of <c>torch.nn.LSTM</c>.</summary>
    /// <param name="inputSize">The number of features of the input.</param>
    /// <param name="hiddenSize">The size of the hidden state.</param>
    /// <param name="numLayers">The number of layers.</param>
    /// <param name="bias">Whether there are biases.</param>
    /// <param name="batchFirst">Whether input and output are [N, L, features] instead of [L, N, features].</param>
    /// <param name="dropout">The probability of dropout between layers, while training.</param>
    /// <param name="bidirectional">Whether each layer also runs backwards.</param>
    /// <param name="device">The device of the parameters.</param>
    /// <param name="dtype">The type of the parameters.</param>
    /// <param name="input">How inputs and hidden states are quantized; <see cref="DefaultInput"/> unless said otherwise.</param>
    /// <param name="weight">How the weights are quantized; <see cref="DefaultWeight"/> unless said otherwise.</param>
    /// <exception cref="ArgumentException">A size that is not positive, a dropout outside 0 to 1, or a descriptor that asks for integers.</exception>
    public QuantLSTM(
        long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false,
        Device? device = null, ScalarType? dtype = null, QuantDescriptor? input = null, QuantDescriptor? weight = null)
        : base(nameof(QuantLSTM))
    {
        _sizes = new(inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional);
        _sizes.Check();
        foreach ((string name, Parameter parameter) in _sizes.Cells().SelectMany(
            cell => LstmParameters.Create(cell.Suffix, cell.InputSize, hiddenSize, bias, device, dtype)))
        {
            register_parameter(name, parameter);
        }

        _input_quantizers = Quantizers(ModuleDescriptors.RequireFakeQuant(input ?? DefaultInput, nameof(input)));
        _weight_quantizers = Quantizers(ModuleDescriptors.RequireFakeQuant(weight ?? DefaultWeight, nameof(weight)));
        register_module(nameof(_input_quantizers), _input_quantizers);
        register_module(nameof(_weight_quantizers), _weight_quantizers);
        Tensor like = get_parameter("weight_ih_l0")!;
        foreach (TensorQuantizer quantizer in _input_quantizers.Concat(_weight_quantizers))
        {
            quantizer.PlaceLike(like);
        }
    }

    /// <summary>How inputs are quantized where a constructor is not told: 8 bits per tensor, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultInput { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = QuantDescriptor.PerTensor8Bit;

    /// <summary>How weights are quantized where a constructor is not told: 8 bits per row, unless set otherwise before.</summary>
    public static QuantDescriptor DefaultWeight { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); }
        = QuantDescriptor.PerChannel8Bit;

    /// <summary>The quantizers of input and hidden state of each layer and direction; <c>_input_quantizers.0</c> and so on in the state dict.</summary>
    public IReadOnlyList<TensorQuantizer> InputQuantizers => [.. _input_quantizers];

    /// <summary>The quantizers of the weights of each layer and direction; <c>_weight_quantizers.0</c> and so on in the state dict.</summary>
    public IReadOnlyList<TensorQuantizer> WeightQuantizers => [.. _weight_quantizers];

    /// <summary>Runs over a batch of sequences of one length.</summary>
    /// <param name="input">The input, [L, N, input], or [N, L, input] where the batch comes first.</param>
    /// <param name="h0_c0">Hidden and cell states before, [layers · directions, N, hidden] each; zeros where null.</param>
    /// <returns>The last layer's hidden states, [L, N, directions · hidden] or [N, L, …]; hidden and cell states after, as those before.</returns>
    /// <exception cref="ArgumentException">A tensor of another shape.</exception>
    public override (Tensor, Tensor, Tensor) forward(Tensor input, (Tensor, Tensor)? h0_c0 = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        LstmParameters.CheckShape(input, [-1, -1, _sizes.Input], nameof(input));
        CheckLike(input, h0_c0);
        using var scope = NewDisposeScope();
        int batchAxis = _sizes.BatchFirst ? 0 : 1;
        (Tensor h0, Tensor c0) = LstmParameters.InitialState(input, h0_c0, [_sizes.CellCount, input.shape[batchAxis], _sizes.Hidden]);
        if (IsFloat)
        {
            (Tensor output, h0, c0) = LibTorchLstm.Run(input, (h0, c0), Parameters, Options);
            return (output.MoveToOuterDisposeScope(), h0.MoveToOuterDisposeScope(), c0.MoveToOuterDisposeScope());
        }

        (Tensor[] outputs, Tensor h, Tensor c) = Run(input.unbind(1 - batchAxis), h0, c0);
        return (stack(outputs, 1 - batchAxis).MoveToOuterDisposeScope(), h.MoveToOuterDisposeScope(), c.MoveToOuterDisposeScope());
    }

    /// <summary>Runs over a batch of sequences of one length, with the module's hooks.</summary>
    /// <inheritdoc cref="forward(Tensor, ValueTuple{Tensor, Tensor}?)"/>
    public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

    /// <summary>Runs over a batch of sequences of several lengths, packed in any order. Hooks do not run, as in TorchSharp.</summary>
    /// <param name="input">The packed input, of the features of the input.</param>
    /// <param name="h0_c0">Hidden and cell states before, in the order of the batch; zeros where null.</param>
    /// <returns>The last layer's hidden states, packed alike; hidden and cell states after each sequence's last step, in the order of the batch.</returns>
    /// <exception cref="ArgumentException">A tensor of another shape.</exception>
    public (PackedSequence, Tensor, Tensor) call(PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        LstmParameters.CheckShape(input.data, [-1, _sizes.Input], nameof(input));
        CheckLike(input.data, h0_c0);
        using var scope = NewDisposeScope();
        PackedSteps packed = PackedSteps.Of(input);
        (Tensor h0, Tensor c0) = LstmParameters.InitialState(input.data, h0_c0, [_sizes.CellCount, packed.Batch, _sizes.Hidden]);
        (h0, c0) = (packed.Sort(h0), packed.Sort(c0));
        (Tensor[] outputs, Tensor h, Tensor c) = IsFloat
            ? packed.Split(LibTorchLstm.Run(input.data, input.batch_sizes, (h0, c0), Parameters, Options))
            : Run(packed.Steps, h0, c0);
        return (packed.Pack(outputs).MoveToOuterDisposeScope(), packed.Unsort(h).MoveToOuterDisposeScope(), packed.Unsort(c).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
        => StateLoader.Load(this, reader, strict, skip, loadedParameters);

    /// <inheritdoc/>
    public override (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
        Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
        => StateLoader.LoadStateDict(this, source, strict, skip);

    /// <summary>Does nothing: the weights are quantized into one tensor in each forward pass.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "TorchSharp's users call it on the module.")]
    public void flatten_parameters()
    {
    }

    /// <summary>The sizes and what is not at its default, as the reference prints them; for example <c>2, 3, num_layers=2, bidirectional=True</c>.</summary>
    public override string ToString() => _sizes.ToString();

    /// <summary>Whether no quantizer does anything, so that LibTorch's own LSTM gives the result, to the bit what TorchSharp's does.</summary>
    private bool IsFloat => LibTorchLstm.IsAvailable && _input_quantizers.Concat(_weight_quantizers).All(quantizer => quantizer.LetsPass);

    private LstmOptions Options => new(_sizes.Layers, _sizes.Bias, _sizes.BatchFirst, _sizes.Dropout, training, _sizes.Bidirectional);

    /// <summary>In PyTorch's order.</summary>
    private Tensor[] Parameters => [.. _sizes.Cells().SelectMany(cell => LstmParameters.Names(cell.Suffix, _sizes.Bias)).Select(name => get_parameter(name)!)];

    private void CheckLike(Tensor input, (Tensor H, Tensor C)? state)
    {
        Tensor weight = get_parameter("weight_ih_l0")!;
        LstmParameters.CheckLike(input, weight, nameof(input));
        if (state is { } given)
        {
            LstmParameters.CheckLike(given.H, weight, "h0");
            LstmParameters.CheckLike(given.C, weight, "c0");
        }
    }

    private (Tensor[] Outputs, Tensor H, Tensor C) Run(Tensor[] steps, Tensor h0, Tensor c0)
    {
        List<Tensor> h = [], c = [];
        foreach (LstmCellPlace cell in _sizes.Cells().Where(cell => !cell.Reverse))
        {
            if (cell.Layer > 0 && _sizes.Dropout > 0 && training)
            {
                steps = functional.dropout(cat(steps, 0), _sizes.Dropout).split([.. steps.Select(step => step.shape[0])], 0);
            }

            Tensor[] outputs = RunCell(cell, steps);
            if (_sizes.Bidirectional)
            {
                Tensor[] backward = RunCell(cell.Backward(), steps);
                outputs = [.. outputs.Zip(backward, (a, b) => cat([a, b], 1))];
            }

            steps = outputs;
        }

        return (steps, stack(h, 0), stack(c, 0));

        Tensor[] RunCell(LstmCellPlace cell, Tensor[] inputs)
        {
            (Tensor[] outputs, Tensor hidden, Tensor state) = Gates(cell).Run(inputs, h0[cell.Index], c0[cell.Index], cell.Reverse);
            h.Add(hidden);
            c.Add(state);
            return outputs;
        }
    }

    IEnumerable<QuantizedWeight> IQuantizedWeight.QuantizedWeights => _sizes.Cells().Select(cell => new QuantizedWeight(
        $"{nameof(_weight_quantizers)}.{cell.Index}", _weight_quantizers[cell.Index],
        [get_parameter("weight_ih" + cell.Suffix)!, get_parameter("weight_hh" + cell.Suffix)!]));

    void IWeightRounding.RoundWeights()
    {
        foreach (LstmCellPlace cell in _sizes.Cells())
        {
            IWeightRounding.Round(
                _weight_quantizers[cell.Index], get_parameter("weight_ih" + cell.Suffix)!, get_parameter("weight_hh" + cell.Suffix)!);
        }
    }

    private LstmGates Gates(LstmCellPlace cell) => LstmGates.Of(
        _input_quantizers[cell.Index],
        _weight_quantizers[cell.Index],
        get_parameter("weight_ih" + cell.Suffix)!,
        get_parameter("weight_hh" + cell.Suffix)!,
        _sizes.Bias ? get_parameter("bias_ih" + cell.Suffix) : null,
        _sizes.Bias ? get_parameter("bias_hh" + cell.Suffix) : null);

    private ModuleList<TensorQuantizer> Quantizers(QuantDescriptor descriptor)
        => new([.. Enumerable.Range(0, (int)_sizes.CellCount).Select(_ => new TensorQuantizer(descriptor))]);
}
