using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>
/// Which modules are given nothing negative: those behind an activation in a <c>Sequential</c>, and those in a field all of whose calls are proven.
/// </summary>
internal sealed class InputSigns
{
    private readonly ModuleContents _contents;
    private readonly ModuleSigns _signs;
    private readonly ModuleUses _uses;
    private readonly Dictionary<ISymbol, List<ModuleCall>> _calls = new(SymbolEqualityComparer.Default);

    /// <param name="contents">What the class assigns to its fields.</param>
    /// <param name="signs">What modules do to signs.</param>
    /// <param name="uses">How the class uses its fields.</param>
    /// <param name="calls">The calls that data flow has read.</param>
    public InputSigns(ModuleContents contents, ModuleSigns signs, ModuleUses uses, IEnumerable<ModuleCall> calls)
    {
        (_contents, _signs, _uses) = (contents, signs, uses);
        foreach (ModuleCall call in calls)
        {
            if (!_calls.TryGetValue(call.Module, out List<ModuleCall> found))
            {
                _calls.Add(call.Module, found = []);
            }

            found.Add(call);
        }
    }

    /// <summary>Whether what the module is given that an expression makes is proven not to be negative.</summary>
    public bool IsNonNegative(IOperation module)
    {
        for (IOperation at = module; at.Parent is { } parent; at = parent)
        {
            if (_contents.TargetOf(at) is { } target)
            {
                return IsGivenNonNegative(target);
            }

            switch (parent)
            {
                case IInvocationOperation or IObjectCreationOperation when parent.Type?.Name == "Sequential" && _contents.Parts(parent) is { } parts:
                    return IsNonNegativeIn(parent, parts, module);

                case IConversionOperation or IArgumentOperation or ITupleOperation or IArrayInitializerOperation or IArrayCreationOperation or ICollectionExpressionOperation:
                case IConditionalOperation conditional when conditional.Condition != at:
                case ICoalesceOperation:
                    break;

                default:
                    return false;
            }
        }

        return false;
    }

    private bool IsNonNegativeIn(IOperation sequential, IReadOnlyList<IOperation> parts, IOperation module)
    {
        List<IOperation> before = [.. parts.TakeWhile(part => !part.DescendantsAndSelf().Contains(module))];
        return before.Count < parts.Count && _signs.OfChain(before) switch
        {
            SignEffect.Establishes => true,
            SignEffect.Preserves => IsNonNegative(sequential),
            _ => false,
        };
    }

    private bool IsGivenNonNegative(ISymbol symbol)
        => symbol is IFieldSymbol or IPropertySymbol
            && symbol.DeclaredAccessibility == Accessibility.Private
            && _calls.TryGetValue(symbol, out List<ModuleCall> calls)
            && calls.All(call => call.Argument.Facts.IsNonNegative)
            && _uses.AreCallsOnly(symbol, calls.Select(call => call.Call));
}
