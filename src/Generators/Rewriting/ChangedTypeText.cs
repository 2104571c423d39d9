using Microsoft.CodeAnalysis;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Rewriting;

/// <summary>Writes out a type with the counterparts of its parts, where the user's text names it by an alias.</summary>
internal static class ChangedTypeText
{
    private static readonly SymbolDisplayFormat s_full = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static string Of(ITypeSymbol type, SyntaxNode place, TypeAgreement agreement, RewriteContext context)
    {
        return agreement.Changes(type)
            ? Changed(type) + (type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated } ? "?" : "")
            : type.ToDisplayString(s_full);

        string Part(ITypeSymbol part) => Of(part, place, agreement, context);
        string Changed(ITypeSymbol whole) => whole switch
        {
            IArrayTypeSymbol array => Array(array),
            INamedTypeSymbol { IsTupleType: true } tuple
                => $"({string.Join(", ", tuple.TupleElements.Select(element => Part(element.Type) + (element.IsExplicitlyNamedTupleElement ? " " + element.Name : "")))})",
            INamedTypeSymbol named when context.Known.TryGetQuantized(named, out _, out INamedTypeSymbol quantized) => context.Short(quantized, place),
            INamedTypeSymbol named => Container(named) + Name(named) + Arguments(named),
            _ => whole.ToDisplayString(s_full),
        };
        string Array(IArrayTypeSymbol array)
        {
            // Of an array of arrays the outer rank is written first.
            string ranks = "";
            ITypeSymbol element = array;
            for (; element is IArrayTypeSymbol { } inner; element = inner.ElementType)
            {
                ranks += $"[{new string(',', inner.Rank - 1)}]";
            }

            return Part(element) + ranks;
        }

        string Name(INamedTypeSymbol named)
            => KnownSymbols.Same(named.OriginalDefinition, context.Symbol) ? context.Profile.Name : SiblingModels.NameOf(named, context) ?? named.Name;
        string Container(INamedTypeSymbol named)
            => named.ContainingType is { } outer ? Part(outer) + "."
                : named.ContainingNamespace.IsGlobalNamespace ? "global::" : named.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) + ".";
        string Arguments(INamedTypeSymbol named) => named.TypeArguments.IsEmpty ? "" : $"<{string.Join(", ", named.TypeArguments.Select(Part))}>";
    }
}
