namespace QuantGen.Generators.Rewriting;

/// <summary>What follows from the constraints of a class.</summary>
/// <param name="sets">Which slots have one type: each slot's way to the root of its set.</param>
/// <param name="staying">The roots of the sets that keep their types.</param>
/// <param name="obstacles">What keeps types as they were that would else be others.</param>
internal sealed class TypeSolution(TypeSets sets, ISet<TypeSlot> staying, IReadOnlyList<TypeObstacle> obstacles)
{
    public IReadOnlyList<TypeObstacle> Obstacles { get; } = obstacles;

    /// <summary>Whether a place keeps its type.</summary>
    public bool Stays(TypeSlot slot) => staying.Contains(sets.Root(slot));
}
