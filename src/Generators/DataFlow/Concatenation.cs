using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.DataFlow;

/// <summary>A concatenation of tensors, and what is known of them.</summary>
internal sealed class Concatenation(IInvocationOperation call, IEnumerable<IOperation> parts)
{
    public IInvocationOperation Call { get; } = call;

    /// <summary>Tensors, and lists of tensors.</summary>
    public IReadOnlyList<Operand> Parts { get; } = [.. parts.Select(part => new Operand(part))];

    /// <summary>Whether a tensor comes from the method's inputs through a weighted layer, so that all of them are numbers, not indices.</summary>
    public bool IsOfActivations => Parts.Any(part => part.Depth is { FromInput: true, Most: > 0 });
}
