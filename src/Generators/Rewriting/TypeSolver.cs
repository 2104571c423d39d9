using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Rewriting;

/// <summary>Solves the constraints of a class: sets of slots that have one type, and which of them keep it.</summary>
/// <remarks>
/// Which sets there are and which stay does not depend on the order of the constraints. What is told of where they meet does: it is told where a set that
/// stays, by what stands before in the text, holds back one that would change.
/// </remarks>
internal sealed class TypeSolver
{
    private const string Meeting = "what it is connected with stays in full precision";

    private readonly TypeSets _sets = new();
    private readonly Dictionary<TypeSlot, List<(SyntaxNode Place, string Reason)>> _staying = [];
    private readonly HashSet<TypeSlot> _changing = [];

    private TypeSolver()
    {
    }

    public static TypeSolution Solve(IEnumerable<TypeConstraint> constraints)
    {
        TypeSolver solver = new();
        foreach (TypeConstraint constraint in constraints)
        {
            solver.Add(constraint);
        }

        return new(solver._sets, new HashSet<TypeSlot>(solver._staying.Keys), [.. solver.Obstacles()]);
    }

    private void Add(TypeConstraint constraint)
    {
        (TypeSlot slot, TypeSlot other) = (_sets.Root(constraint.Slot), _sets.Root(constraint.Other));
        switch (constraint.Kind)
        {
            case TypeConstraintKind.Stays:
                Stay(slot, constraint.Place!, constraint.Reason);
                break;

            case TypeConstraintKind.Changes:
                _changing.Add(slot);
                break;

            case TypeConstraintKind.Meet when _staying.ContainsKey(slot) != _staying.ContainsKey(other):
                Stay(_staying.ContainsKey(slot) ? slot : other, constraint.Place!, Meeting);
                Join(slot, other);
                break;

            case TypeConstraintKind.CannotStay when _staying.ContainsKey(slot):
                Stay(slot, constraint.Place!, constraint.Reason);
                Join(slot, other);
                break;

            default:
                Join(slot, other);
                break;
        }
    }

    private void Stay(TypeSlot root, SyntaxNode place, string reason)
    {
        if (!_staying.TryGetValue(root, out List<(SyntaxNode Place, string Reason)> reasons))
        {
            _staying.Add(root, reasons = []);
        }

        reasons.Add((place, reason));
    }

    private void Join(TypeSlot from, TypeSlot to)
    {
        if (from == to)
        {
            return;
        }

        _sets.Join(from, to);
        if (_staying.TryGetValue(from, out List<(SyntaxNode Place, string Reason)> reasons))
        {
            reasons.ForEach(reason => Stay(to, reason.Place, reason.Reason));
            _staying.Remove(from);
        }

        if (_changing.Remove(from))
        {
            _changing.Add(to);
        }
    }

    /// <summary>What is told of each set that stays and would change. That it met another one counts where nothing else is known.</summary>
    private IEnumerable<TypeObstacle> Obstacles()
    {
        TypeSlot own = _sets.Root(TypeSlot.Own);
        foreach (KeyValuePair<TypeSlot, List<(SyntaxNode Place, string Reason)>> set in _staying.Where(set => set.Key == own || _changing.Contains(set.Key)))
        {
            bool isExplained = set.Value.Any(found => found.Reason.Length > 0 && found.Reason != Meeting);
            foreach ((SyntaxNode place, string reason) in set.Value.Where(found => found.Reason.Length > 0 && !(isExplained && found.Reason == Meeting)))
            {
                yield return new(place, reason, set.Key == own);
            }
        }
    }
}
