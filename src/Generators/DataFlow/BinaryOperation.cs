using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>An addition or a product of two tensors.</summary>
internal abstract class BinaryOperation(IOperation operation, BinaryForm form, IOperation left, IOperation right)
{
    public IOperation Operation { get; } = operation;

    public BinaryForm Form { get; } = form;

    public Operand Left { get; } = new(left);

    public Operand Right { get; } = new(right);

    /// <summary>The operator between the two.</summary>
    public abstract string Sign { get; }
}

/// <summary>How an operation of two tensors is written.</summary>
internal enum BinaryForm
{
    /// <summary><c>a + b</c></summary>
    Operator,

    /// <summary><c>a += b</c></summary>
    Compound,

    /// <summary><c>a.add(b)</c> or <c>torch.add(a, b)</c></summary>
    Call,

    /// <summary><c>a.add_(b)</c>, which changes <c>a</c>.</summary>
    InPlace,
}
