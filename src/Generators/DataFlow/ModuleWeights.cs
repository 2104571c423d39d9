using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>How many weighted layers a module holds, as far as the class itself tells.</summary>
/// <remarks>
/// A layer of TorchSharp is known by its type, a <c>Sequential</c> by what the class puts into it. A module of which
/// nothing is known may hold weights and counts as one layer.
/// </remarks>
internal sealed class ModuleWeights(KnownSymbols known, ModuleContents contents)
{
    private const int Unknown = 1;

    private readonly Dictionary<ISymbol, int> _counts = new(SymbolEqualityComparer.Default);

    /// <summary>The weighted layers of the module that an expression gives.</summary>
    public int Of(IOperation? module)
    {
        while (module is IConversionOperation conversion)
        {
            module = conversion.Operand;
        }

        if (module?.Type is { } type && ModuleContents.IsLeaf(type))
        {
            return TorchModules.Of(type.Name).IsWeighted ? 1 : 0;
        }

        if (module is not null && ModuleContents.Referenced(module) is { } symbol && contents.Assigned(symbol) is { Count: > 0 } values)
        {
            if (!_counts.TryGetValue(symbol, out int count))
            {
                // While a module is counted, a reference to it from its own content counts nothing.
                _counts[symbol] = 0;
                count = Math.Max(values.Max(Content), contents.IsFilled(symbol) ? Unknown : 0);
                _counts[symbol] = count;
            }

            return count;
        }

        return module is IInvocationOperation or IObjectCreationOperation ? Content(module) : Unknown;
    }

    /// <summary>The class of the module in a variable of an abstract type, where all that is assigned to it is of one class.</summary>
    public ITypeSymbol? ClassOf(IOperation module)
    {
        if (ModuleContents.Referenced(module) is not { } symbol || contents.IsFilled(symbol) || contents.Assigned(symbol) is not { Count: > 0 } values)
        {
            return null;
        }

        List<ITypeSymbol?> classes = [.. values.Select(value => (value is IConversionOperation conversion ? conversion.Operand : value) is IObjectCreationOperation made ? made.Type : null)];
        return classes.All(type => type is not null && KnownSymbols.Same(type, classes[0])) ? classes[0] : null;
    }

    private int Content(IOperation value)
    {
        switch (value)
        {
            case ILiteralOperation or IDefaultValueOperation:
                return 0;

            case IConversionOperation conversion:
                return Content(conversion.Operand);

            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Math.Max(Content(conditional.WhenTrue), Content(whenFalse));

            case ICoalesceOperation coalesce:
                return Math.Max(Content(coalesce.Value), Content(coalesce.WhenNull));

            case IInvocationOperation { TargetMethod: { IsStatic: true } factory } call when KnownSymbols.Same(factory.ContainingType, known.Nn):
                return ModuleContents.IsContainer(factory.ReturnType) ? Parts(call) : TorchModules.Of(factory.Name).IsWeighted ? 1 : 0;

            case IObjectCreationOperation { Type: { } type } creation when ModuleContents.IsContainer(type):
                return Parts(creation);

            default:
                return known.IsModule(value.Type) ? Of(value is IInvocationOperation or IObjectCreationOperation ? null : value) : Parts(value);
        }
    }

    /// <summary>The weighted layers among the arguments of a container; a list that was filled elsewhere, or that a method gives, may hold one.</summary>
    private int Parts(IOperation container)
    {
        int count = 0;
        foreach (IOperation part in container.ChildOperations)
        {
            count += part switch
            {
                _ when known.IsModule(part.Type) => Content(part),
                ILocalReferenceOperation or IFieldReferenceOperation or IParameterReferenceOperation when !IsPlain(part.Type) => Unknown,
                IInvocationOperation { TargetMethod: var maker } when !IsPlain(part.Type) && !known.IsLibrary(maker) => Math.Max(Unknown, Parts(part)),
                _ => Parts(part),
            };
        }

        return count;
    }

    private static bool IsPlain(ITypeSymbol? type) => type is null or { IsValueType: true, IsTupleType: false } or { SpecialType: SpecialType.System_String };
}
