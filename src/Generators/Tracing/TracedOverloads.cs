using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>Chooses the methods that are printed once more over traced tensors.</summary>
internal sealed class TracedOverloads
{
    private readonly List<Candidate> _candidates = [];

    private sealed record Candidate(ClassText Type, MethodDeclarationSyntax Syntax, IMethodSymbol Symbol, TracedMethodReader Reader, EditList Edits);

    private TracedOverloads()
    {
    }

    public List<DiagnosticInfo> Diagnostics { get; } = [];

    public bool IsEmpty => _candidates.Count == 0;

    /// <summary>Reads all methods that take tensors; those that cannot be traced, and those that need them, are left out.</summary>
    /// <param name="texts">The class and those nested in it.</param>
    /// <param name="context">The class and its profile.</param>
    /// <param name="quantized">The edits that quantize the class, which hold in the overloads too.</param>
    /// <param name="operands">The operands that go through quantizers.</param>
    public static TracedOverloads Read(IReadOnlyList<ClassText> texts, RewriteContext context, PartEdits quantized, IEnumerable<IOperation> operands)
    {
        TracedOverloads overloads = new();
        if (context.Known.Tracing is not { } tracing)
        {
            return overloads;
        }

        HashSet<IOperation> quantizedOperands = [.. operands];
        TracedTypes types = new(context.Known, tracing, context.Compilation);
        foreach (ClassText text in texts)
        {
            foreach (MethodDeclarationSyntax method in text.Declarations.SelectMany(type => type.Members).OfType<MethodDeclarationSyntax>())
            {
                if (context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation) is not { } symbol
                    || !symbol.Parameters.Any(parameter => types.Mentions(parameter.Type)))
                {
                    continue;
                }

                ClassPart part = context.Parts.First(part => part.Contains(method));
                EditList edits = new(part.Origin);
                text.Methods.TryGetValue(symbol, out IOperation? body);
                TracedMethodReader reader = TracedMethodReader.Read(method, body, quantizedOperands, context, types, edits);
                edits.AddRange(quantized[part].Within(method.Span));
                overloads._candidates.Add(new(text, method, symbol, reader, edits));
            }
        }

        overloads.DropUntraceable();
        return overloads;
    }

    /// <summary>Those of one declaration of a type.</summary>
    public IEnumerable<TracedMethod> Of(TypeDeclarationSyntax type, int origin)
        => _candidates.Where(candidate => candidate.Syntax.Parent == type)
            .Select(candidate => new TracedMethod(candidate.Syntax.SpanStart - origin, candidate.Syntax.Span.Length, candidate.Edits.ToSorted()));

    /// <summary>Whether a class can be traced as a whole: its <c>forward</c> takes one tensor and gives one.</summary>
    public bool IsTraceable(ClassText type, KnownSymbols known)
        => type.IsModule(known) && _candidates.Any(candidate => candidate.Type == type
            && candidate.Symbol is { Name: "forward", DeclaredAccessibility: Accessibility.Public, IsStatic: false, Parameters: [{ RefKind: RefKind.None }] }
            && KnownSymbols.Same(candidate.Symbol.Parameters[0].Type, known.Tensor)
            && KnownSymbols.Same(candidate.Symbol.ReturnType, known.Tensor));

    private void DropUntraceable()
    {
        foreach (Candidate candidate in _candidates.ToArray())
        {
            foreach ((SyntaxNode place, string reason) in candidate.Reader.Obstacles)
            {
                Report(candidate, place, reason);
            }
        }

        Remove(candidate => candidate.Reader.Obstacles.Count > 0);

        // A method that calls one that was dropped cannot stay either, and so on.
        while (_candidates.FirstOrDefault(candidate => Missing(candidate) is not null) is { } candidate)
        {
            (IMethodSymbol method, SyntaxNode place) = Missing(candidate)!.Value;
            Report(candidate, place, $"'{method.Name}' cannot be exported");
            Remove(other => other == candidate);
        }
    }

    /// <summary>Of a partial method, both declarations stay or go.</summary>
    private void Remove(Func<Candidate, bool> isRemoved)
    {
        List<Candidate> removed = [.. _candidates.Where(isRemoved)];
        _candidates.RemoveAll(candidate => removed.Any(other => Same(candidate.Symbol, other.Symbol)));
    }

    private static bool Same(IMethodSymbol a, IMethodSymbol b) => KnownSymbols.Same(a.PartialDefinitionPart ?? a, b.PartialDefinitionPart ?? b);

    private (IMethodSymbol Method, SyntaxNode Place)? Missing(Candidate candidate)
    {
        foreach ((IMethodSymbol method, SyntaxNode place) in candidate.Reader.Needs)
        {
            if (!_candidates.Any(other => Same(other.Symbol, method)))
            {
                return (method, place);
            }
        }

        return null;
    }

    private void Report(Candidate candidate, SyntaxNode place, string reason)
    {
        SyntaxNodeOrToken at = place is MethodDeclarationSyntax method ? method.Identifier : place;
        Diagnostics.Add(DiagnosticInfo.Create(Rules.NotTraceable, at, candidate.Type.Symbol.Name + "." + candidate.Symbol.Name, reason));
    }
}
