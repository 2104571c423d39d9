using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>An addition of two tensors.</summary>
internal sealed class Addition(IOperation operation, AdditionForm form, IOperation left, IOperation right)
{
    public IOperation Operation { get; } = operation;

    public AdditionForm Form { get; } = form;

    public Operand Left { get; } = new(left);

    public Operand Right { get; } = new(right);

    /// <summary>Both operands come from the method's inputs, and at least one of them through a weighted layer.</summary>
    public bool IsResidual => Left.Depth.FromInput && Right.Depth.FromInput && (Left.Depth.Most > 0 || Right.Depth.Most > 0);

    /// <summary>Whether the left operand is the residual one; on a tie it is the right one.</summary>
    public bool ResidualIsLeft => Left.Depth.IsNearerThan(Right.Depth);

    public Operand Residual => ResidualIsLeft ? Left : Right;

    /// <summary>The operand that is not the residual one.</summary>
    public Operand Other => ResidualIsLeft ? Right : Left;
}

/// <summary>How an addition is written.</summary>
internal enum AdditionForm
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
