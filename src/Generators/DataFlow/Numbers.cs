using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>Types that hold no tensor: sizes, types, devices and texts come from an input's shape, but carry none of its values.</summary>
internal static class Numbers
{
    public static bool IsOfThem(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => IsOfThem(array.ElementType),
        { TypeKind: TypeKind.Enum } or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String } => true,
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.All(element => IsOfThem(element.Type)),
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [var value] } => IsOfThem(value),
        INamedTypeSymbol { Name: "Range" or "Index" or "Device" or "Scalar", Arity: 0 } named => named.ContainingNamespace?.Name is "System" or "TorchSharp",
        _ => false,
    };
}
