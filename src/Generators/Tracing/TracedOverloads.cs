using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>Chooses the methods that are printed once more over traced tensors.</summary>
internal sealed class TracedOverloads
{
    private readonly List<TracedCandidate> _candidates = [];
    private readonly RewriteContext _context;

    private TracedOverloads(RewriteContext context) => _context = context;

    public List<DiagnosticInfo> Diagnostics { get; } = [];

    public bool IsEmpty => _candidates.Count == 0;

    /// <summary>
    /// Reads all methods that take tensors. Those that cannot be traced, and those that need them, are left out, or throw where
    /// others override them.
    /// </summary>
    /// <param name="texts">The class and those nested in it.</param>
    /// <param name="context">The class and its profile.</param>
    /// <param name="quantized">The edits that quantize the class, which hold over traced tensors too.</param>
    /// <param name="operands">The operands that go through quantizers.</param>
    public static TracedOverloads Read(IReadOnlyList<ClassText> texts, RewriteContext context, PartEdits quantized, IEnumerable<IOperation> operands)
    {
        TracedOverloads overloads = new(context);
        if (context.Known.Tracing is not { } tracing)
        {
            return overloads;
        }

        HashSet<IOperation> quantizedOperands = [.. operands];
        TracedTypes types = new(context.Known, tracing, context.Compilation);
        foreach (ClassText text in texts.Where(text => CanBeTraced(text.Symbol, tracing)))
        {
            foreach (MethodDeclarationSyntax method in text.Declarations.SelectMany(type => type.Members).OfType<MethodDeclarationSyntax>())
            {
                if (method.ExplicitInterfaceSpecifier is null
                    && PartialMembers.ImplementedByOthers(method, context) is null
                    && context.ModelOf(method).GetDeclaredSymbol(method, context.Cancellation) is { } symbol
                    && symbol.Parameters.Any(parameter => types.Mentions(parameter.Type))
                    && !HasTraced(symbol, types))
                {
                    ClassPart part = context.PartOf(method);
                    EditList edits = new(part.Origin);
                    text.Methods.TryGetValue(symbol, out IOperation? body);
                    TracedMethodReader reader = TracedMethodReader.Read(method, body, quantizedOperands, context, types, edits);
                    edits.AddRange(quantized[part].Within(method.Span));
                    overloads._candidates.Add(new(text, method, symbol, reader, edits));
                }
            }
        }

        overloads.DropUntraceable();
        return overloads;
    }

    /// <summary>Those of one declaration of a type.</summary>
    public IEnumerable<TracedMethod> Of(TypeDeclarationSyntax type, int origin)
        => _candidates.Where(candidate => candidate.Syntax.Parent == type).Select(candidate => candidate.ToMethod(origin));

    /// <summary>Whether a class can be traced as a whole: its <c>forward</c> takes one tensor and gives one.</summary>
    public bool IsTraceable(ClassText type, KnownSymbols known)
        => type.IsModule(known) && _candidates.Any(candidate => candidate.Type == type
            && candidate.Failure is null
            && candidate.Symbol is { Name: "forward", IsOverride: true, DeclaredAccessibility: Accessibility.Public, Parameters: [{ RefKind: RefKind.None }] }
            && TracedFamily.NameOf(candidate.Symbol, _context) != candidate.Symbol.Name
            && KnownSymbols.Same(candidate.Symbol.Parameters[0].Type, known.Tensor)
            && KnownSymbols.Same(candidate.Symbol.ReturnType, known.Tensor));

    /// <summary>An interface of the user's would ask its other implementations for more; a class that is traceable by hand needs nothing.</summary>
    private static bool CanBeTraced(INamedTypeSymbol type, TracingSymbols tracing)
        => type.TypeKind != TypeKind.Interface && !type.AllInterfaces.Any(contract => KnownSymbols.Same(contract, tracing.Traceable));

    /// <summary>Whether the user has written the overload over traced tensors.</summary>
    private static bool HasTraced(IMethodSymbol method, TracedTypes types)
        => method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>().Any(other => other.Parameters.Length == method.Parameters.Length
            && other.Parameters.Zip(method.Parameters, (mine, theirs) => KnownSymbols.Same(mine.Type, types.Map(theirs.Type))).All(same => same));

    private void DropUntraceable()
    {
        foreach (TracedCandidate candidate in _candidates.ToArray())
        {
            if (TracedFamily.IsTaken(candidate.Symbol, _context))
            {
                string name = TracedFamily.NameOf(candidate.Symbol, _context);
                Report(candidate, candidate.Syntax, $"'{candidate.Type.Symbol.Name}' has a '{name}' of its own, as it would be called");
                Remove(candidate);
            }
            else if (TracedFamily.IsOpen(candidate.Symbol, _context))
            {
                Report(candidate, candidate.Syntax, "a type parameter of the class in its signature may be a tensor");
                Remove(candidate);
            }
            else if (candidate.Reader.Obstacles is [var first, ..])
            {
                foreach ((SyntaxNode place, string reason) in candidate.Reader.Obstacles)
                {
                    Report(candidate, place, reason);
                }

                Fail(candidate, first.Reason);
            }
        }

        // A method that calls one that cannot be traced cannot either, and so on.
        while (_candidates.FirstOrDefault(candidate => candidate.Failure is null && Missing(candidate) is not null) is { } candidate)
        {
            (IMethodSymbol method, SyntaxNode place) = Missing(candidate)!.Value;
            string reason = $"'{method.Name}' cannot be exported";
            Report(candidate, place, reason);
            Fail(candidate, reason);
        }
    }

    private void Fail(TracedCandidate candidate, string reason)
    {
        if (TracedFamily.KeepsPlace(candidate.Symbol, _context))
        {
            candidate.Failure = reason;
        }
        else
        {
            Remove(candidate);
        }
    }

    /// <summary>Of a partial method, both declarations stay or go.</summary>
    private void Remove(TracedCandidate candidate) => _candidates.RemoveAll(other => Same(other.Symbol, candidate.Symbol));

    private static bool Same(IMethodSymbol a, IMethodSymbol b) => KnownSymbols.Same(a.PartialDefinitionPart ?? a, b.PartialDefinitionPart ?? b);

    private (IMethodSymbol Method, SyntaxNode Place)? Missing(TracedCandidate candidate)
    {
        foreach ((IMethodSymbol method, SyntaxNode place) in candidate.Reader.Needs)
        {
            if (!_candidates.Any(other => Same(other.Symbol, method) && (other.Failure is null || method.IsAbstract)))
            {
                return (method, place);
            }
        }

        return null;
    }

    private void Report(TracedCandidate candidate, SyntaxNode place, string reason)
    {
        SyntaxNodeOrToken at = place is MethodDeclarationSyntax method ? method.Identifier : place;
        Diagnostics.Add(DiagnosticInfo.Create(Rules.NotTraceable, at, candidate.Name, reason));
    }
}
