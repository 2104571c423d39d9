using Microsoft.CodeAnalysis;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Which names of modules' types stay as they are, so that all that meets agrees on its type.</summary>
/// <remarks>
/// A <c>Conv2d</c> becomes a <c>QuantConv2d</c> only if everything that it is assigned from and given to does so too. A slot
/// that takes a <c>Conv2d</c> from code that does not change (a method of another class, <c>[FullPrecision]</c>) keeps its
/// type, and all that is connected with it; under an abstract type such as <c>Module&lt;Tensor, Tensor&gt;</c> both can stand.
/// </remarks>
internal sealed class TypeAgreement
{
    private readonly RewriteContext _context;
    private readonly ChangingTypes _types;
    private readonly TypeSolution _solution;

    private TypeAgreement(RewriteContext context, ChangingTypes types, TypeSolution solution)
    {
        (_context, _types, _solution) = (context, types, solution);
        IsImpossible = solution.Obstacles.Any(obstacle => obstacle.IsOwn);
        Diagnostics = [.. solution.Obstacles.Select(Diagnostic)];
    }

    public IReadOnlyList<DiagnosticInfo> Diagnostics { get; }

    /// <summary>Whether the class itself would have to stay as it is.</summary>
    public bool IsImpossible { get; }

    public static TypeAgreement Read(IEnumerable<ClassText> texts, BoundaryCalls boundary, RewriteContext context)
    {
        ChangingTypes types = new(context);
        return new(context, types, TypeSolver.Solve(TypeConstraintReader.Read(texts, boundary, types, context)));
    }

    /// <summary>Whether a type, or a part of it, is another one in the generated class.</summary>
    public bool Changes(ITypeSymbol type) => _types.Changes(type);

    /// <summary>Whether a name of a type, or a call of a factory, stays as it is.</summary>
    public bool Keeps(SyntaxNode node) => _context.IsFullPrecision(node) || (SlotOwners.Of(node, _context) is { } owner && _solution.Stays(owner));

    private DiagnosticInfo Diagnostic(TypeObstacle obstacle) => obstacle.IsOwn
        ? DiagnosticInfo.Create(Rules.NotAModel, obstacle.Place, _context.Symbol.Name, obstacle.Reason)
        : DiagnosticInfo.Create(Rules.TypeStays, obstacle.Place, obstacle.Place.ToString().Split('\n')[0].Trim(), obstacle.Reason);
}
