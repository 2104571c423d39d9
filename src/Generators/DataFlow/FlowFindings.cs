using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>The operations of a class that may want quantizers, in the order in which they are computed.</summary>
internal sealed class FlowFindings
{
    private readonly Dictionary<SyntaxNode, Addition> _additions = [];

    public IEnumerable<Addition> Additions => Sorted(_additions);

    public void Meet(IOperation operation, AdditionForm form, IOperation left, Facts leftFacts, IOperation right, Facts rightFacts)
    {
        if (!_additions.TryGetValue(operation.Syntax, out Addition addition))
        {
            _additions.Add(operation.Syntax, addition = new(operation, form, left, right));
        }

        addition.Left.Meet(leftFacts);
        addition.Right.Meet(rightFacts);
    }

    private static IEnumerable<T> Sorted<T>(Dictionary<SyntaxNode, T> found)
        => found.OrderBy(entry => entry.Key.Span.End).ThenBy(entry => entry.Key.Span.Length).Select(entry => entry.Value);
}
