using Microsoft.CodeAnalysis;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>The members of a class that can hold layers, as its declaration tells: what its constructor puts there is not read.</summary>
internal static class ModuleFields
{
    /// <summary>The names of the fields and properties of a class and of its bases; none for what is TorchSharp's or QuantGen's.</summary>
    public static IReadOnlyList<string> Of(INamedTypeSymbol type, KnownSymbols known) => Of(type, known, []);

    private static List<string> Of(INamedTypeSymbol type, KnownSymbols known, HashSet<ITypeSymbol> entered)
    {
        List<string> names = [];
        for (INamedTypeSymbol? at = type; at is not null && IsOfUser(at, known); at = at.BaseType)
        {
            names.AddRange(at.GetMembers().OfType<IFieldSymbol>()
                .Where(field => !field.IsStatic && !known.IsFullPrecision(field.AssociatedSymbol ?? field) && CanHoldLayers(field.Type, known, entered))
                .Select(field => (field.AssociatedSymbol ?? field).Name));
        }

        return names;
    }

    /// <summary>Whether a member of a type can hold layers.</summary>
    public static bool CanHold(ITypeSymbol type, KnownSymbols known) => CanHoldLayers(type, known, []);

    /// <summary>Whether a class is none of TorchSharp's, QuantGen's or the base library's.</summary>
    public static bool IsOfUser(INamedTypeSymbol type, KnownSymbols known)
        => type.SpecialType == SpecialType.None
            && !KnownSymbols.Same(type.ContainingAssembly, known.Module.ContainingAssembly)
            && !KnownSymbols.Same(type.ContainingAssembly, known.Quantize.ContainingAssembly);

    private static bool CanHoldLayers(ITypeSymbol type, KnownSymbols known, HashSet<ITypeSymbol> entered) => type switch
    {
        IArrayTypeSymbol array => CanHoldLayers(array.ElementType, known, entered),
        ITypeParameterSymbol parameter => known.IsModule(parameter),
        INamedTypeSymbol named when known.IsModule(named) => IsOfUser(named, known)
            ? entered.Add(named.OriginalDefinition) && Of(named.OriginalDefinition, known, entered).Count > 0
            : !IsLayer(named) || TorchModules.Of(named.Name).Matrices > 0,
        INamedTypeSymbol { DelegateInvokeMethod: null } named => named.TypeArguments.Any(argument => CanHoldLayers(argument, known, entered)),
        _ => false,
    };

    private static bool IsLayer(INamedTypeSymbol type)
        => type.ContainingNamespace is { Name: "Modules", ContainingNamespace.Name: "TorchSharp" } && type.Name is not ("Sequential" or "ModuleList" or "ModuleDict");
}
