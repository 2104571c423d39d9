using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>A method that may be printed once more, and what was read of it.</summary>
internal sealed record TracedCandidate(ClassText Type, MethodDeclarationSyntax Syntax, IMethodSymbol Symbol, TracedMethodReader Reader, EditList Edits)
{
    public string Name => $"{Type.Symbol.Name}.{Symbol.Name}";

    /// <summary>Why the method throws over traced tensors; <see langword="null"/> where it computes.</summary>
    public string? Failure { get; set; } = Symbol.IsAbstract ? $"'{Type.Symbol.Name}.{Symbol.Name}' cannot be exported to ONNX: it is abstract" : null;

    public TracedMethod ToMethod(int origin)
    {
        int start = Syntax.SpanStart - origin;
        bool throws = Failure is not null && (Symbol.IsAbstract || Syntax.Body is not null || Syntax.ExpressionBody is not null);
        int end = throws ? (Syntax.ConstraintClauses.LastOrDefault() ?? (SyntaxNode)Syntax.ParameterList).Span.End - origin : Syntax.Span.End - origin;
        return new(
            start,
            end - start,
            [.. Edits.ToSorted().Where(edit => edit.Start + edit.Length <= end)],
            throws ? Failure : null);
    }
}
