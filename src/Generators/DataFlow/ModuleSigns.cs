using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>What modules do to the sign of what they are given, as far as the class itself tells.</summary>
internal sealed class ModuleSigns(KnownSymbols known, ModuleContents contents)
{
    private readonly HashSet<ISymbol> _reading = new(SymbolEqualityComparer.Default);

    /// <summary>What the module does that an expression gives, or <see langword="null"/> where it may be code of others.</summary>
    public SignEffect? Of(IOperation? module)
    {
        switch (module)
        {
            case IConversionOperation conversion:
                return Of(conversion.Operand);

            case { Type: { } type } when ModuleContents.IsLeaf(type):
                return TorchModules.Of(type.Name).Sign;

            case ILiteralOperation or IDefaultValueOperation:
                // Nobody calls what is null.
                return SignEffect.Establishes;

            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Weaker(Of(conditional.WhenTrue), Of(whenFalse));

            case ICoalesceOperation coalesce:
                return Weaker(Of(coalesce.Value), Of(coalesce.WhenNull));

            case IInvocationOperation or IObjectCreationOperation when module.Type?.Name == "Sequential":
                return contents.Parts(module) is { } parts ? OfChain(parts) : null;

            default:
                return module is not null && ModuleContents.Referenced(module) is { } symbol ? OfSymbol(symbol) : null;
        }
    }

    /// <summary>What modules do one after the other.</summary>
    public SignEffect? OfChain(IEnumerable<IOperation> parts)
    {
        SignEffect all = SignEffect.Preserves;
        foreach (IOperation part in parts)
        {
            if (Of(part) is not { } effect)
            {
                return null;
            }

            all = effect == SignEffect.Preserves ? all : effect;
        }

        return all;
    }

    private SignEffect? OfSymbol(ISymbol symbol)
    {
        IReadOnlyList<IOperation> values = contents.Assigned(symbol);
        if (values.Count == 0 || contents.IsFilled(symbol) || !IsAssignedHereOnly(symbol) || !_reading.Add(symbol))
        {
            return null;
        }

        SignEffect? effect = values.Select(Of).Aggregate(Weaker);
        _reading.Remove(symbol);
        return known.IsModule(TypeOf(symbol)) ? effect : null;
    }

    private static SignEffect? Weaker(SignEffect? a, SignEffect? b) => a is null || b is null ? null : a < b ? a : b;

    /// <summary>Whether nobody but the class itself can assign to a variable.</summary>
    private static bool IsAssignedHereOnly(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.IsReadOnly || field.DeclaredAccessibility == Accessibility.Private,
        IPropertySymbol property => property is { IsVirtual: false, IsOverride: false, IsAbstract: false } && property.SetMethod is null or { DeclaredAccessibility: Accessibility.Private },
        ILocalSymbol => true,
        _ => false,
    };

    private static ITypeSymbol? TypeOf(ISymbol symbol) => (symbol as IFieldSymbol)?.Type ?? (symbol as IPropertySymbol)?.Type ?? (symbol as ILocalSymbol)?.Type;
}
