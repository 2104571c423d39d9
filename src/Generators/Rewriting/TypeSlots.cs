using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Rewriting;

/// <summary>Sets of places that must have one type: symbols by what they are declared as, expressions by their syntax.</summary>
internal sealed class TypeSlots
{
    /// <summary>The class itself, and what is in it: it has another type in any case.</summary>
    public static readonly object Own = new();

    private readonly Dictionary<object, object> _parents = [];
    private readonly Dictionary<object, List<(SyntaxNode Place, string Reason)>> _fixed = [];
    private readonly HashSet<object> _changing = [];

    /// <summary>Puts two places into one set.</summary>
    public void Join(object a, object b)
    {
        (object from, object to) = (Root(a), Root(b));
        if (from.Equals(to))
        {
            return;
        }

        _parents[from] = to;
        if (_fixed.TryGetValue(from, out List<(SyntaxNode Place, string Reason)> reasons))
        {
            foreach ((SyntaxNode place, string reason) in reasons)
            {
                Fix(to, place, reason);
            }
        }

        if (_changing.Contains(from))
        {
            _changing.Add(to);
        }
    }

    /// <summary>The set of a place keeps its type.</summary>
    public void Fix(object slot, SyntaxNode place, string reason)
    {
        object root = Root(slot);
        if (!_fixed.TryGetValue(root, out List<(SyntaxNode Place, string Reason)> reasons))
        {
            _fixed.Add(root, reasons = []);
        }

        reasons.Add((place, reason));
    }

    /// <summary>The place would have another type if nothing stood against it.</summary>
    public void MarkChanging(object slot) => _changing.Add(Root(slot));

    public bool IsFixed(object slot) => _fixed.ContainsKey(Root(slot));

    /// <summary>What keeps types as they were that would else be others.</summary>
    /// <param name="meeting">The reason of places where a set only meets what is marked as it is; it counts where there is no other.</param>
    public IEnumerable<(SyntaxNode Place, string Reason, bool Impossible)> Obstacles(string meeting)
    {
        foreach (KeyValuePair<object, List<(SyntaxNode Place, string Reason)>> entry in _fixed)
        {
            bool isOwn = entry.Key.Equals(Root(Own));
            if (!entry.Key.Equals(Root(entry.Key)) || !(isOwn || _changing.Contains(entry.Key)))
            {
                continue;
            }

            bool told = entry.Value.Any(found => found.Reason.Length > 0 && found.Reason != meeting);
            foreach ((SyntaxNode place, string reason) in entry.Value.Where(found => found.Reason.Length > 0 && !(told && found.Reason == meeting)))
            {
                yield return (place, reason, isOwn);
            }
        }
    }

    private object Root(object slot)
    {
        while (_parents.TryGetValue(slot, out object parent))
        {
            slot = parent;
        }

        return slot;
    }
}
