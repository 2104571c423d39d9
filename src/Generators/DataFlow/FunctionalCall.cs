using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>A call of an operation that a runtime can compute in integers.</summary>
internal sealed class FunctionalCall(IInvocationOperation call, FunctionalOperation operation, IEnumerable<IOperation> operands)
{
    public IInvocationOperation Call { get; } = call;

    public FunctionalOperation Operation { get; } = operation;

    public IReadOnlyList<Operand> Operands { get; } = [.. operands.Select(operand => new Operand(operand))];

    /// <summary>Whether it computes with what comes from the method's inputs; otherwise it computes a constant.</summary>
    public bool TakesInput => Operands.Any(operand => operand.Facts.FromInput);
}
