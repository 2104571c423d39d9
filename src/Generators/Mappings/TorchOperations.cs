using System.Collections.Immutable;

namespace QuantGen.Generators.Mappings;

/// <summary>What is known of a function of torch and of the method or property of <c>Tensor</c> with its name.</summary>
/// <param name="Name">Its name, without the underscore of the form in place.</param>
internal sealed record TorchOperation(string Name)
{
    /// <summary>What it does to the sign of its first operand.</summary>
    public SignEffect Sign { get; init; } = SignEffect.Loses;

    /// <summary>Whether its result is not negative where none of its operands is.</summary>
    public bool Combines { get; init; }

    /// <summary>Whether it cuts off what is below a number.</summary>
    public bool Clamps { get; init; }

    /// <summary>Whether its result may be another view of the same memory, so that a change of one changes the other.</summary>
    public bool IsView { get; init; }

    /// <summary>Whether what is before it wants a quantizer of its output: it computes in floating point, or takes parts that have quantizers of their own.</summary>
    public bool ComputesInFloat { get; init; }

    /// <summary>Whether ONNX Runtime computes it in integers only where its output is quantized.</summary>
    public bool NeedsQuantizedOutput { get; init; }

    /// <summary>Whether it only chooses elements, on which quantizers of several readers have to agree.</summary>
    public bool Moves { get; init; }

    /// <summary>Whether it goes into a convolution before it.</summary>
    public bool IsAbsorbed { get; init; }

    /// <summary>Whether it is a layer when two branches of an addition are compared: it multiplies by a matrix.</summary>
    public bool IsWeighted { get; init; }

    /// <summary>Whether it takes tensors in a list and puts them side by side.</summary>
    public bool Concatenates { get; init; }

    /// <summary>What it takes tensors for beside their values.</summary>
    public Reference Reference { get; init; }

    /// <summary>Its operands as quantizers see them; <see langword="null"/> where no integer form is known.</summary>
    public FunctionalOperation? Functional { get; init; }
}

/// <summary>What an operation takes a tensor for, if not for its values.</summary>
internal enum Reference
{
    /// <summary>For its values.</summary>
    None,

    /// <summary>For its shape, type or device: the result is a new tensor, which has none of its values.</summary>
    Creates,

    /// <summary>The result has the values of the first tensor alone, the others give shape or type.</summary>
    Adapts,
}

/// <summary>The operations of torch, one row a name.</summary>
internal static class TorchOperations
{
    private const SignEffect Keeps = SignEffect.Preserves;
    private const SignEffect Never = SignEffect.Establishes;

    private static readonly ImmutableDictionary<string, TorchOperation> s_all = new TorchOperation[]
    {
        // Products.
        new("matmul") { IsWeighted = true, Combines = true, Functional = new("matmul", SecondOperand.Other) },
        new("mm") { IsWeighted = true, Combines = true, Functional = new("mm", SecondOperand.Other) },
        new("bmm") { IsWeighted = true, Combines = true, Functional = new("bmm", SecondOperand.Other) },
        new("mv") { IsWeighted = true, Combines = true, Functional = new("mv", SecondOperand.Other) },
        new("einsum") { IsWeighted = true, Functional = new("einsum", SecondOperand.Other) },
        new("linear") { IsWeighted = true, Functional = new("linear", SecondOperand.Weight) },
        new("conv1d") { IsWeighted = true, Functional = new("conv1d", SecondOperand.Weight) },
        new("conv2d") { IsWeighted = true, Functional = new("conv2d", SecondOperand.Weight) },
        new("conv3d") { IsWeighted = true, Functional = new("conv3d", SecondOperand.Weight) },
        new("conv_transpose1d") { IsWeighted = true, Functional = new("conv_transpose1d", SecondOperand.TransposedWeight) },
        new("conv_transpose2d") { IsWeighted = true, Functional = new("conv_transpose2d", SecondOperand.TransposedWeight) },
        new("conv_transpose3d") { IsWeighted = true, Functional = new("conv_transpose3d", SecondOperand.TransposedWeight) },
        new("addbmm") { IsWeighted = true },
        new("addmm") { IsWeighted = true },
        new("baddbmm") { IsWeighted = true },
        new("bilinear") { IsWeighted = true },
        new("scaled_dot_product_attention") { IsWeighted = true },
        new("tensordot") { IsWeighted = true },

        // Pools.
        new("avg_pool1d") { Sign = Keeps, Functional = new("avg_pool1d", SecondOperand.None) },
        new("avg_pool2d") { Sign = Keeps, Functional = new("avg_pool2d", SecondOperand.None) },
        new("avg_pool3d") { Sign = Keeps, Functional = new("avg_pool3d", SecondOperand.None) },
        new("adaptive_avg_pool1d") { Sign = Keeps, Functional = new("adaptive_avg_pool1d", SecondOperand.None) },
        new("adaptive_avg_pool2d") { Sign = Keeps, Functional = new("adaptive_avg_pool2d", SecondOperand.None) },
        new("adaptive_avg_pool3d") { Sign = Keeps, Functional = new("adaptive_avg_pool3d", SecondOperand.None) },
        new("adaptive_max_pool1d") { Sign = Keeps },
        new("adaptive_max_pool2d") { Sign = Keeps },
        new("adaptive_max_pool3d") { Sign = Keeps },
        new("max_pool1d") { Sign = Keeps, Moves = true },
        new("max_pool2d") { Sign = Keeps, Moves = true },
        new("max_pool3d") { Sign = Keeps, Moves = true },

        // Sums, lists and their kin.
        new("add") { Combines = true },
        new("cat") { Combines = true, Concatenates = true },
        new("concat") { Combines = true, Concatenates = true },
        new("concatenate") { Combines = true, Concatenates = true },
        new("div") { Combines = true, ComputesInFloat = true },
        new("hstack") { Combines = true },
        new("maximum") { Combines = true },
        new("mean") { Sign = Keeps, ComputesInFloat = true },
        new("minimum") { Combines = true },
        new("mul") { Combines = true },
        new("stack") { Combines = true },
        new("sum") { Sign = Keeps, ComputesInFloat = true },
        new("vstack") { Combines = true },

        // Activations.
        new("abs") { Sign = Never, ComputesInFloat = true },
        new("clamp") { Clamps = true },
        new("clamp_min") { Clamps = true },
        new("clip") { Clamps = true },
        new("dropout") { Sign = Keeps, IsAbsorbed = true },
        new("dropout1d") { Sign = Keeps, IsAbsorbed = true },
        new("dropout2d") { Sign = Keeps, IsAbsorbed = true },
        new("dropout3d") { Sign = Keeps, IsAbsorbed = true },
        new("elu") { Sign = Keeps, Functional = new("elu", SecondOperand.None) { IsActivation = true } },
        new("exp") { Sign = Never, ComputesInFloat = true },
        new("gelu") { Sign = Keeps, Functional = new("gelu", SecondOperand.None) { IsActivation = true } },
        new("hardsigmoid") { Sign = Never, Functional = new("hardsigmoid", SecondOperand.None) { IsActivation = true, Module = "QuantHardsigmoid", GivesIntegers = true } },
        new("hardswish") { Sign = Keeps, Functional = new("hardswish", SecondOperand.None) { IsActivation = true, Module = "QuantHardswish" }, NeedsQuantizedOutput = true },
        new("leaky_relu") { Sign = Keeps, Functional = new("leaky_relu", SecondOperand.None) { IsActivation = true }, NeedsQuantizedOutput = true },
        new("mish") { Sign = Keeps, Functional = new("mish", SecondOperand.None) { IsActivation = true } },
        new("relu") { Sign = Never, IsAbsorbed = true },
        new("relu6") { Sign = Never, IsAbsorbed = true },
        new("sigmoid") { Sign = Never, Functional = new("sigmoid", SecondOperand.None) { IsActivation = true }, NeedsQuantizedOutput = true },
        new("SiLU") { Sign = Keeps, Functional = new("silu", SecondOperand.None) { IsActivation = true, Module = "QuantSiLU" }, NeedsQuantizedOutput = true },
        new("silu") { Sign = Keeps, Functional = new("silu", SecondOperand.None) { IsActivation = true, Module = "QuantSiLU" }, NeedsQuantizedOutput = true },
        new("softmax") { Sign = Never, ComputesInFloat = true },
        new("softplus") { Sign = Never, ComputesInFloat = true },
        new("sqrt") { Sign = Never, ComputesInFloat = true },
        new("square") { Sign = Never, ComputesInFloat = true },
        new("tanh") { Sign = Keeps, Functional = new("tanh", SecondOperand.None) { IsActivation = true } },

        // Others that have no integer kernel.
        new("amax") { ComputesInFloat = true },
        new("amin") { ComputesInFloat = true },
        new("celu") { ComputesInFloat = true },
        new("group_norm") { ComputesInFloat = true },
        new("instance_norm") { ComputesInFloat = true },
        new("layer_norm") { ComputesInFloat = true },
        new("log") { ComputesInFloat = true },
        new("log_softmax") { ComputesInFloat = true },
        new("logsigmoid") { ComputesInFloat = true },
        new("neg") { ComputesInFloat = true },
        new("norm") { ComputesInFloat = true },
        new("normalize") { ComputesInFloat = true },
        new("pow") { ComputesInFloat = true },
        new("prelu") { ComputesInFloat = true },
        new("rsqrt") { ComputesInFloat = true },
        new("selu") { ComputesInFloat = true },
        new("softsign") { ComputesInFloat = true },
        new("std") { ComputesInFloat = true },
        new("sub") { ComputesInFloat = true },
        new("var") { ComputesInFloat = true },
        new("interpolate") { Moves = true },
        new("upsample") { Moves = true },

        // New tensors.
        new("empty_like") { Reference = Reference.Creates },
        new("full_like") { Reference = Reference.Creates },
        new("new_empty") { Reference = Reference.Creates },
        new("new_full") { Reference = Reference.Creates },
        new("new_ones") { Reference = Reference.Creates },
        new("new_tensor") { Reference = Reference.Creates },
        new("new_zeros") { Reference = Reference.Creates },
        new("ones") { Sign = Never },
        new("ones_like") { Sign = Never, Reference = Reference.Creates },
        new("rand") { Sign = Never },
        new("rand_like") { Sign = Never, Reference = Reference.Creates },
        new("randint_like") { Reference = Reference.Creates },
        new("randn_like") { Reference = Reference.Creates },
        new("zeros") { Sign = Never },
        new("zeros_like") { Sign = Never, Reference = Reference.Creates },

        // Shapes, types and places.
        new("alias") { Sign = Keeps, IsView = true, IsAbsorbed = true },
        new("as_strided") { IsView = true },
        new("chunk") { IsView = true, ComputesInFloat = true },
        new("clone") { Sign = Keeps },
        new("contiguous") { Sign = Keeps, IsAbsorbed = true },
        new("cpu") { Sign = Keeps },
        new("cuda") { Sign = Keeps },
        new("detach") { Sign = Keeps, IsView = true },
        new("DetachFromDisposeScope") { Sign = Keeps, IsAbsorbed = true },
        new("diagonal") { IsView = true },
        new("expand") { Sign = Keeps, IsView = true },
        new("expand_as") { Sign = Keeps, IsView = true, Reference = Reference.Adapts },
        new("flatten") { Sign = Keeps, IsView = true, IsAbsorbed = true },
        new("flip") { Sign = Keeps },
        new("H") { IsView = true },
        new("mT") { Sign = Keeps, IsView = true },
        new("movedim") { Sign = Keeps, IsView = true },
        new("MoveToOuterDisposeScope") { Sign = Keeps, IsAbsorbed = true },
        new("narrow") { Sign = Keeps, IsView = true, ComputesInFloat = true },
        new("permute") { Sign = Keeps, IsView = true },
        new("pixel_shuffle") { Sign = Keeps },
        new("repeat") { Sign = Keeps },
        new("reshape") { Sign = Keeps, IsView = true, IsAbsorbed = true },
        new("reshape_as") { Reference = Reference.Adapts },
        new("roll") { Sign = Keeps },
        new("select") { Sign = Keeps, IsView = true, ComputesInFloat = true },
        new("slice") { IsView = true },
        new("split") { IsView = true, ComputesInFloat = true },
        new("squeeze") { Sign = Keeps, IsView = true },
        new("swapaxes") { Sign = Keeps, IsView = true },
        new("swapdims") { Sign = Keeps, IsView = true },
        new("t") { Sign = Keeps, IsView = true },
        new("T") { Sign = Keeps, IsView = true },
        new("tile") { Sign = Keeps },
        new("to") { Sign = Keeps, Reference = Reference.Adapts },
        new("transpose") { Sign = Keeps, IsView = true },
        new("type_as") { Sign = Keeps, Reference = Reference.Adapts },
        new("unbind") { IsView = true, ComputesInFloat = true },
        new("unflatten") { Sign = Keeps, IsView = true },
        new("unsqueeze") { Sign = Keeps, IsView = true },
        new("view") { Sign = Keeps, IsView = true, IsAbsorbed = true },
        new("view_as") { Sign = Keeps, IsView = true, Reference = Reference.Adapts },
    }.ToImmutableDictionary(operation => operation.Name);

    private static readonly TorchOperation s_other = new("");

    /// <summary>The row of a function, a method or a property; of one that is not in the table, one that promises nothing.</summary>
    /// <param name="name">Its name; with an underscore at its end it is the form in place.</param>
    public static TorchOperation Of(string name)
        => s_all.TryGetValue(name, out TorchOperation? operation) || s_all.TryGetValue(name.TrimEnd('_'), out operation) ? operation : s_other;
}
