namespace QuantGen.Generators.Rewriting;

/// <summary>Slots that have one type, as a forest of sets (union-find).</summary>
internal sealed class TypeSets
{
    private readonly Dictionary<TypeSlot, TypeSlot> _parents = [];

    /// <summary>The slot that stands for the set of another.</summary>
    public TypeSlot Root(TypeSlot slot)
    {
        while (_parents.TryGetValue(slot, out TypeSlot parent))
        {
            slot = parent;
        }

        return slot;
    }

    /// <summary>Puts the set of one root under another.</summary>
    public void Join(TypeSlot from, TypeSlot to) => _parents[from] = to;
}
