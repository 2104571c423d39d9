using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace QuantGen.Generators.Rewriting;

/// <content>Patterns: what they look at, and what they find there.</content>
internal sealed partial class TypeConstraintReader
{
    private void Match(IPatternOperation pattern)
    {
        // Of a module under its abstract type, it finds what there is.
        if (_types.CanMeet(pattern.InputType, pattern.NarrowedType))
        {
            Join(InputSlot(pattern), PatternSlot(pattern), pattern.Syntax);
        }
    }

    /// <summary>The slot of what a pattern finds.</summary>
    private TypeSlot? PatternSlot(IPatternOperation pattern)
    {
        ISymbol? declared = (pattern as IDeclarationPatternOperation)?.DeclaredSymbol
            ?? (pattern as IRecursivePatternOperation)?.DeclaredSymbol
            ?? (pattern as IListPatternOperation)?.DeclaredSymbol;
        return declared is not null ? Slot(declared) : _types.Changes(pattern.NarrowedType) ? TypeSlot.Of(pattern.Syntax) : null;
    }

    /// <summary>The slot of what a pattern looks at.</summary>
    private TypeSlot? InputSlot(IPatternOperation pattern) => pattern.Parent switch
    {
        IIsPatternOperation match => ValueSlot(match.Value),
        ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } => ValueSlot(choice.Value),
        IPatternCaseClauseOperation { Parent.Parent: ISwitchOperation choice } => ValueSlot(choice.Value),
        IPropertySubpatternOperation part => ValueSlot(part.Member),
        IBinaryPatternOperation both when both.RightPattern == pattern && both.OperatorKind == BinaryOperatorKind.And => PatternSlot(both.LeftPattern),
        INegatedPatternOperation or IBinaryPatternOperation => InputSlot((IPatternOperation)pattern.Parent),
        IRecursivePatternOperation { DeconstructSymbol: IMethodSymbol method } parts when IsOfText(method) => Slot(method.Parameters[parts.DeconstructionSubpatterns.IndexOf(pattern)]),
        IRecursivePatternOperation { DeconstructSymbol: not IMethodSymbol } or IListPatternOperation => PatternSlot((IPatternOperation)pattern.Parent),
        ISlicePatternOperation { Parent: IListPatternOperation list } => PatternSlot(list),
        _ => null,
    };

    /// <summary>The slot of that of which a property pattern names a member.</summary>
    private TypeSlot? PatternInputSlot(IOperation input)
    {
        IOperation? at = input.Parent;
        while (at is not (null or IRecursivePatternOperation))
        {
            at = at.Parent;
        }

        return at is IRecursivePatternOperation pattern ? PatternSlot(pattern) : null;
    }
}
