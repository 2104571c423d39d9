using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>A product of two tensors, element by element, such as a gate.</summary>
internal sealed class Product(IOperation operation, BinaryForm form, IOperation left, IOperation right) : BinaryOperation(operation, form, left, right)
{
    public override string Sign => "*";

    /// <summary>
    /// Both operands come from the method's inputs, and at least one of them through a weighted layer. A parameter of the model stays as it is: the factors of a
    /// layer scale lie orders of magnitude apart.
    /// </summary>
    public bool IsOfActivations => Left.Depth.FromInput && Right.Depth.FromInput && (Left.Depth.Most > 0 || Right.Depth.Most > 0);
}
