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
    private readonly TracedTypes? _types;
    private readonly Dictionary<ClassText, string> _failures = [];

    private TracedOverloads(RewriteContext context, TracedTypes? types) => (_context, _types) = (context, types);

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
    /// <param name="replaced">Calls in whose place modules are called.</param>
    public static TracedOverloads Read(IReadOnlyList<ClassText> texts, RewriteContext context, PartEdits quantized, IEnumerable<IOperation> operands, IEnumerable<IOperation> replaced)
    {
        if (context.Known.Tracing is not { } tracing)
        {
            return new(context, null);
        }

        HashSet<IOperation> quantizedOperands = [.. operands], replacedCalls = [.. replaced];
        TracedTypes types = new(context.Known, tracing, context.Compilation);
        TracedOverloads overloads = new(context, types);
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
                    TracedMethodReader reader = TracedMethodReader.Read(method, body, quantizedOperands, replacedCalls, context, types, edits);
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

    /// <summary>Why the <c>forward</c> of a class throws, where it does.</summary>
    public string? FailureOf(ClassText type) => _failures.TryGetValue(type, out string failure) ? failure : null;

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
            else
            {
                foreach (Obstacle obstacle in Outermost(candidate.Reader.Obstacles))
                {
                    Meet(candidate, obstacle);
                }

                candidate.Reader.Obstacles.ForEach(obstacle => Report(candidate, obstacle.Place, obstacle.Reason));
            }
        }

        // A method that calls one that cannot be traced, whatever happens, cannot either, and so on.
        while (_candidates.FirstOrDefault(candidate => candidate.Failure is null && Missing(candidate) is not null) is { } candidate)
        {
            (IMethodSymbol method, SyntaxNode place) = Missing(candidate)!.Value;
            string reason = $"'{method.Name}' cannot be exported";
            Report(candidate, place, reason);
            Meet(candidate, new(place, reason));
            candidate.Reader.Needs.Remove((method, place));
        }

        foreach (TracedCandidate forward in _candidates.Where(candidate => candidate.Symbol is { Name: "forward", IsOverride: true } && candidate.Failure is not null))
        {
            _failures[forward.Type] = forward.Failure!;
        }

        // What throws is there for those that call it, and for those that override it.
        foreach (TracedCandidate candidate in _candidates.Where(candidate => candidate.Failure is not null && !TracedFamily.KeepsPlace(candidate.Symbol, _context)).ToArray())
        {
            if (!_candidates.Any(other => other.Failure is null && other.Reader.Needs.Any(need => Same(need.Method, candidate.Symbol))))
            {
                Remove(candidate);
            }
        }
    }

    /// <summary>An operation that cannot be recorded throws at its place; where every call of the method gets there, all of it does.</summary>
    private void Meet(TracedCandidate candidate, Obstacle obstacle)
    {
        if (candidate.Failure is null && (obstacle.IsCertain(candidate.Syntax) || !TracedThrow.TryWrite(candidate.Name, obstacle, _context, _types!, candidate.Edits)))
        {
            candidate.Failure = TracedThrow.Message(candidate.Name, obstacle.Place, obstacle.Reason, _context);
        }
    }

    /// <summary>Those that are not inside of another, with which they go.</summary>
    private static IEnumerable<Obstacle> Outermost(IReadOnlyList<Obstacle> obstacles)
        => obstacles.Where((obstacle, i) => !obstacles.Where((other, j) => other.Place != obstacle.Place ? other.Place.Span.Contains(obstacle.Place.Span) : j < i).Any());

    /// <summary>Of a partial method, both declarations stay or go.</summary>
    private void Remove(TracedCandidate candidate) => _candidates.RemoveAll(other => Same(other.Symbol, candidate.Symbol));

    private static bool Same(IMethodSymbol a, IMethodSymbol b) => KnownSymbols.Same(a.PartialDefinitionPart ?? a, b.PartialDefinitionPart ?? b);

    /// <summary>A method that a candidate needs and that is not there, or that throws where the candidate surely calls it.</summary>
    private (IMethodSymbol Method, SyntaxNode Place)? Missing(TracedCandidate candidate)
    {
        foreach ((IMethodSymbol method, SyntaxNode place) in candidate.Reader.Needs)
        {
            List<TracedCandidate> found = [.. _candidates.Where(other => Same(other.Symbol, method))];
            bool isThere = found.Any(other => other.Failure is null || method.IsAbstract) || (found.Count > 0 && !Obstacle.IsCertain(place, candidate.Syntax));
            if (!isThere)
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
