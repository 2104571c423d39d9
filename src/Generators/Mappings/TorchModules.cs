using System.Collections.Immutable;

namespace QuantGen.Generators.Mappings;

/// <summary>What is known of a type of <c>TorchSharp.Modules</c>, whose name is also that of its factory in <c>torch.nn</c>.</summary>
/// <param name="Name">The name of both.</param>
internal sealed record TorchModule(string Name)
{
    /// <summary>What it does to the sign of what it is given; <see langword="null"/> where it may make any tensor negative in place.</summary>
    public SignEffect? Sign { get; init; } = SignEffect.Loses;

    /// <summary>
    /// Whether it counts as a layer when two branches of an addition are compared: it multiplies by a matrix. Norms, embeddings, activations and
    /// pools do not count, whether or not they have parameters.
    /// </summary>
    public bool IsWeighted { get; init; }

    /// <summary>How many matrices of weights one layer of it holds; what has some and no counterpart stays in full precision.</summary>
    public int Matrices { get; init; }

    /// <summary>Whether ONNX Runtime computes it in integers only where its output is quantized. A linear layer needs no quantizer there.</summary>
    public bool NeedsQuantizedOutput { get; init; }

    /// <summary>Whether it goes into a convolution before it, or only moves what that gives.</summary>
    public bool IsAbsorbed { get; init; }

    /// <summary>Whether it has no integer form and no quantized one, so that a convolution before it wants a quantizer of its output.</summary>
    public bool ComputesInFloat { get; init; }

    /// <summary>Whether it only moves or chooses elements, on which quantizers of several readers have to agree.</summary>
    public bool Moves { get; init; }

    /// <summary>Whether what its quantized form gives is quantized already.</summary>
    public bool GivesIntegers { get; init; }

    /// <summary>Its quantized form; it takes effect as soon as the runtime has the type.</summary>
    public KnownModule? Counterpart { get; init; }
}

/// <summary>A module that has a quantized counterpart: <c>Conv2d</c> has <c>QuantConv2d</c>.</summary>
/// <param name="Name">The name of the type and of its factory in <c>torch.nn</c>.</param>
/// <param name="HasWeight">Whether it has a quantized weight as well as a quantized input.</param>
/// <param name="Transposed">Whether the output channels are on axis 1 of the weight.</param>
/// <param name="OnRequest">Whether it is quantized only where the user's field asks for it.</param>
/// <param name="IsActivation">Whether it is an activation, which is quantized only for targets that want it.</param>
internal sealed record KnownModule(string Name, bool HasWeight, bool Transposed = false, bool OnRequest = false, bool IsActivation = false)
{
    public string QuantName { get; } = "Quant" + Name;
}

/// <summary>The modules of TorchSharp, one row a name. To make one that can be quantized, give its row a counterpart.</summary>
internal static class TorchModules
{
    private const SignEffect Keeps = SignEffect.Preserves;
    private const SignEffect Never = SignEffect.Establishes;

    public static readonly ImmutableDictionary<string, TorchModule> All = new TorchModule[]
    {
        Weighted("Conv1d") with { NeedsQuantizedOutput = true },
        Weighted("Conv2d") with { NeedsQuantizedOutput = true },
        Weighted("Conv3d") with { NeedsQuantizedOutput = true },
        Weighted("ConvTranspose1d", transposed: true),
        Weighted("ConvTranspose2d", transposed: true),
        Weighted("ConvTranspose3d", transposed: true),
        Weighted("Linear"),
        Weighted("LSTM", matrices: 2),
        Weighted("LSTMCell", matrices: 2),
        new("Bilinear") { IsWeighted = true, Matrices = 1 },
        new("Embedding") { Matrices = 1 },
        new("EmbeddingBag") { Matrices = 1 },
        new("GRU") { IsWeighted = true, Matrices = 2 },
        new("GRUCell") { IsWeighted = true, Matrices = 2 },
        new("RNN") { IsWeighted = true, Matrices = 2 },
        new("RNNCell") { IsWeighted = true, Matrices = 2 },
        new("MultiheadAttention") { IsWeighted = true, Matrices = 4 },
        new("TransformerEncoderLayer") { IsWeighted = true, Matrices = 6 },
        new("TransformerEncoder") { IsWeighted = true, Matrices = 6 },
        new("TransformerDecoderLayer") { IsWeighted = true, Matrices = 10 },
        new("TransformerDecoder") { IsWeighted = true, Matrices = 10 },
        new("Transformer") { IsWeighted = true, Matrices = 16 },
        Pool("AvgPool1d"),
        Pool("AvgPool2d"),
        Pool("AvgPool3d"),
        Pool("AdaptiveAvgPool1d"),
        Pool("AdaptiveAvgPool2d"),
        Pool("AdaptiveAvgPool3d"),
        Pool("MaxPool1d", onRequest: true) with { Moves = true },
        Pool("MaxPool2d", onRequest: true) with { Moves = true },
        Pool("MaxPool3d", onRequest: true) with { Moves = true },
        new("AdaptiveMaxPool1d") { Sign = Keeps },
        new("AdaptiveMaxPool2d") { Sign = Keeps },
        new("AdaptiveMaxPool3d") { Sign = Keeps },
        new("InstanceNorm1d") { Counterpart = new("InstanceNorm1d", HasWeight: false) },
        new("InstanceNorm2d") { Counterpart = new("InstanceNorm2d", HasWeight: false) },
        new("InstanceNorm3d") { Counterpart = new("InstanceNorm3d", HasWeight: false) },

        // Activations that keep signs map what is not negative to what is not.
        Activation("ELU", Keeps),
        Activation("GELU", Keeps),
        Activation("Hardsigmoid", Never) with { GivesIntegers = true },
        Activation("Hardswish", Keeps) with { NeedsQuantizedOutput = true },
        new("Hardtanh") { Sign = null, IsAbsorbed = true },
        Activation("LeakyReLU", Keeps) with { NeedsQuantizedOutput = true },
        Activation("Mish", Keeps),
        new("PReLU") { Sign = Keeps, ComputesInFloat = true },
        new("ReLU") { Sign = Never, IsAbsorbed = true },
        new("ReLU6") { Sign = Never, IsAbsorbed = true },
        Activation("SiLU", Keeps) with { NeedsQuantizedOutput = true },
        Activation("Sigmoid", Never) with { NeedsQuantizedOutput = true },
        new("Softmax") { Sign = Never, ComputesInFloat = true },
        new("Softmax2d") { Sign = Never, ComputesInFloat = true },
        new("Softplus") { Sign = Never, ComputesInFloat = true },
        new("Softsign") { ComputesInFloat = true },
        new("CELU") { ComputesInFloat = true },
        new("SELU") { ComputesInFloat = true },
        new("GLU") { ComputesInFloat = true },
        new("LogSigmoid") { ComputesInFloat = true },
        new("LogSoftmax") { ComputesInFloat = true },
        Activation("Tanh", Keeps),
        new("Threshold") { Sign = null },

        new("BatchNorm1d") { IsAbsorbed = true },
        new("BatchNorm2d") { IsAbsorbed = true },
        new("BatchNorm3d") { IsAbsorbed = true },
        new("GroupNorm") { ComputesInFloat = true },
        new("LayerNorm") { ComputesInFloat = true },
        new("LocalResponseNorm") { ComputesInFloat = true },

        new("Dropout") { Sign = Keeps, IsAbsorbed = true },
        new("Dropout1d") { Sign = Keeps, IsAbsorbed = true },
        new("Dropout2d") { Sign = Keeps, IsAbsorbed = true },
        new("Dropout3d") { Sign = Keeps, IsAbsorbed = true },
        new("Flatten") { Sign = Keeps, IsAbsorbed = true },
        new("Identity") { Sign = Keeps, IsAbsorbed = true },
        new("PixelShuffle") { Sign = Keeps },
        new("Unflatten") { Sign = Keeps, IsAbsorbed = true },
        new("Upsample") { Moves = true },
    }.ToImmutableDictionary(module => module.Name);

    private static readonly TorchModule s_other = new("");

    /// <summary>The modules with a quantized counterpart.</summary>
    public static IEnumerable<KnownModule> Quantizable => All.Values.Select(module => module.Counterpart).OfType<KnownModule>();

    /// <summary>The row of a type or factory; of one that is not in the table, one that promises nothing.</summary>
    public static TorchModule Of(string name) => All.TryGetValue(name, out TorchModule? module) ? module : s_other;

    private static TorchModule Weighted(string name, bool transposed = false, int matrices = 1)
        => new(name) { IsWeighted = true, Matrices = matrices, Counterpart = new(name, HasWeight: true, Transposed: transposed) };

    private static TorchModule Activation(string name, SignEffect sign)
        => new(name) { Sign = sign, Counterpart = new(name, HasWeight: false, IsActivation: true) };

    private static TorchModule Pool(string name, bool onRequest = false)
        => new(name) { Sign = Keeps, Counterpart = new(name, HasWeight: false, OnRequest: onRequest) };
}
