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
        new("max_pool1d") { Sign = Keeps },
        new("max_pool2d") { Sign = Keeps },
        new("max_pool3d") { Sign = Keeps },

        // Sums, lists and their kin.
        new("add") { Combines = true },
        new("cat") { Combines = true, Concatenates = true },
        new("concat") { Combines = true, Concatenates = true },
        new("concatenate") { Combines = true, Concatenates = true },
        new("div") { Combines = true },
        new("hstack") { Combines = true },
        new("maximum") { Combines = true },
        new("mean") { Sign = Keeps },
        new("minimum") { Combines = true },
        new("mul") { Combines = true },
        new("stack") { Combines = true },
        new("sum") { Sign = Keeps },
        new("vstack") { Combines = true },

        // Activations.
        new("abs") { Sign = Never },
        new("clamp") { Clamps = true },
        new("clamp_min") { Clamps = true },
        new("clip") { Clamps = true },
        new("dropout") { Sign = Keeps },
        new("dropout1d") { Sign = Keeps },
        new("dropout2d") { Sign = Keeps },
        new("dropout3d") { Sign = Keeps },
        new("elu") { Sign = Keeps },
        new("exp") { Sign = Never },
        new("gelu") { Sign = Keeps },
        new("hardsigmoid") { Sign = Never },
        new("hardswish") { Sign = Keeps },
        new("leaky_relu") { Sign = Keeps },
        new("relu") { Sign = Never },
        new("relu6") { Sign = Never },
        new("sigmoid") { Sign = Never },
        new("silu") { Sign = Keeps },
        new("softmax") { Sign = Never },
        new("softplus") { Sign = Never },
        new("sqrt") { Sign = Never },
        new("square") { Sign = Never },
        new("tanh") { Sign = Keeps },

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
        new("alias") { Sign = Keeps, IsView = true },
        new("as_strided") { IsView = true },
        new("chunk") { IsView = true },
        new("clone") { Sign = Keeps },
        new("contiguous") { Sign = Keeps },
        new("cpu") { Sign = Keeps },
        new("cuda") { Sign = Keeps },
        new("detach") { Sign = Keeps, IsView = true },
        new("DetachFromDisposeScope") { Sign = Keeps },
        new("diagonal") { IsView = true },
        new("expand") { Sign = Keeps, IsView = true },
        new("expand_as") { Sign = Keeps, IsView = true, Reference = Reference.Adapts },
        new("flatten") { Sign = Keeps, IsView = true },
        new("flip") { Sign = Keeps },
        new("H") { IsView = true },
        new("mT") { Sign = Keeps, IsView = true },
        new("movedim") { Sign = Keeps, IsView = true },
        new("MoveToOuterDisposeScope") { Sign = Keeps },
        new("narrow") { Sign = Keeps, IsView = true },
        new("permute") { Sign = Keeps, IsView = true },
        new("pixel_shuffle") { Sign = Keeps },
        new("repeat") { Sign = Keeps },
        new("reshape") { Sign = Keeps, IsView = true },
        new("reshape_as") { Reference = Reference.Adapts },
        new("roll") { Sign = Keeps },
        new("select") { Sign = Keeps, IsView = true },
        new("slice") { IsView = true },
        new("split") { IsView = true },
        new("squeeze") { Sign = Keeps, IsView = true },
        new("swapaxes") { Sign = Keeps, IsView = true },
        new("swapdims") { Sign = Keeps, IsView = true },
        new("t") { Sign = Keeps, IsView = true },
        new("T") { Sign = Keeps, IsView = true },
        new("tile") { Sign = Keeps },
        new("to") { Sign = Keeps, Reference = Reference.Adapts },
        new("transpose") { Sign = Keeps, IsView = true },
        new("type_as") { Sign = Keeps, Reference = Reference.Adapts },
        new("unbind") { IsView = true },
        new("unflatten") { Sign = Keeps, IsView = true },
        new("unsqueeze") { Sign = Keeps, IsView = true },
        new("view") { Sign = Keeps, IsView = true },
        new("view_as") { Sign = Keeps, IsView = true, Reference = Reference.Adapts },
    }.ToImmutableDictionary(operation => operation.Name);

    private static readonly TorchOperation s_other = new("");

    /// <summary>The row of a function, a method or a property; of one that is not in the table, one that promises nothing.</summary>
    /// <param name="name">Its name; with an underscore at its end it is the form in place.</param>
    public static TorchOperation Of(string name)
        => s_all.TryGetValue(name, out TorchOperation? operation) || s_all.TryGetValue(name.TrimEnd('_'), out operation) ? operation : s_other;
}
