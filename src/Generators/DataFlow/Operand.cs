using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>An operand of an operation on tensors, and what is known of it on all paths on which it was met.</summary>
internal sealed class Operand(IOperation operation)
{
    private bool _met;

    public IOperation Operation { get; } = operation;

    public SyntaxNode Syntax => Operation.Syntax;

    public Facts Facts { get; private set; }

    public Depth Depth => Facts.Depth;

    public void Meet(Facts facts) => (Facts, _met) = (_met ? Facts.Either(Facts, facts) : facts, true);
}
