using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Rewriting;

/// <summary>What one place of the text demands of types.</summary>
/// <param name="Kind">What it demands.</param>
/// <param name="Slot">Of this place.</param>
/// <param name="Other">And of this one, where it is about two.</param>
/// <param name="Place">Where a user sees it; null where it is never told of.</param>
/// <param name="Reason">Why, in a user's words; empty where the user asked for it.</param>
internal readonly record struct TypeConstraint(TypeConstraintKind Kind, TypeSlot Slot, TypeSlot Other, SyntaxNode? Place, string Reason)
{
    /// <summary>Both have one type, as an expression and its parts.</summary>
    public static TypeConstraint Same(TypeSlot slot, TypeSlot other) => new(TypeConstraintKind.Same, slot, other, null, "");

    /// <summary>Both have one type, since a value goes from one to the other; if one of them stays, the other is told of here.</summary>
    public static TypeConstraint Meet(TypeSlot slot, TypeSlot other, SyntaxNode place) => new(TypeConstraintKind.Meet, slot, other, place, "");

    /// <summary>It keeps the type that it has.</summary>
    public static TypeConstraint Stays(TypeSlot slot, SyntaxNode place, string reason) => new(TypeConstraintKind.Stays, slot, default, place, reason);

    /// <summary>It would have another type if nothing stood against it.</summary>
    public static TypeConstraint Changes(TypeSlot slot) => new(TypeConstraintKind.Changes, slot, default, null, "");

    /// <summary>It has another type in any case; if something stands against that, the class cannot be quantized.</summary>
    public static TypeConstraint CannotStay(TypeSlot slot, SyntaxNode place, string reason) => new(TypeConstraintKind.CannotStay, slot, TypeSlot.Own, place, reason);
}
