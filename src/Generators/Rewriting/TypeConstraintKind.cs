namespace QuantGen.Generators.Rewriting;

/// <summary>The kinds of <see cref="TypeConstraint"/>.</summary>
internal enum TypeConstraintKind
{
    /// <summary>Two places have one type.</summary>
    Same,

    /// <summary>Two places have one type, and the place where they meet is told of if only one of them could change.</summary>
    Meet,

    /// <summary>A place keeps its type.</summary>
    Stays,

    /// <summary>A place has another type if it can.</summary>
    Changes,

    /// <summary>A place has another type in any case.</summary>
    CannotStay,
}
