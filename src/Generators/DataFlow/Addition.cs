using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>An addition of two tensors.</summary>
internal sealed class Addition(IOperation operation, BinaryForm form, IOperation left, IOperation right) : BinaryOperation(operation, form, left, right)
{
    public override string Sign => "+";

    /// <summary>Both operands come from the method's inputs, and at least one of them through a weighted layer.</summary>
    public bool IsResidual => Left.Depth.FromInput && Right.Depth.FromInput && (Left.Depth.Most > 0 || Right.Depth.Most > 0);

    /// <summary>Whether the left operand is the residual one; on a tie it is the right one.</summary>
    public bool ResidualIsLeft => Left.Depth.IsNearerThan(Right.Depth);

    public Operand Residual => ResidualIsLeft ? Left : Right;

    /// <summary>The operand that is not the residual one.</summary>
    public Operand Other => ResidualIsLeft ? Right : Left;
}
