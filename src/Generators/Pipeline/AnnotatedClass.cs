using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Pipeline;

/// <summary>A class that may have <c>[Quantize]</c>, on itself or on the assembly.</summary>
/// <param name="Declaration">The class, or the part of it that is annotated.</param>
/// <param name="FromAssembly">The assembly's attributes for it; <see langword="null"/> where it has its own, which are not bound yet.</param>
internal sealed record AnnotatedClass(ClassDeclarationSyntax Declaration, IReadOnlyList<AttributeData>? FromAssembly)
{
    /// <summary>The <c>[Quantize]</c>s; none where the name means something else.</summary>
    public IReadOnlyList<AttributeData> Attributes(SemanticModel model, CancellationToken cancellation)
    {
        if (FromAssembly is not null)
        {
            return FromAssembly;
        }

        INamedTypeSymbol? quantize = KnownSymbols.Of(model.Compilation)?.Quantize;
        return quantize is not null && model.GetDeclaredSymbol(Declaration, cancellation) is { } symbol
            ? [.. symbol.GetAttributes().Where(attribute => KnownSymbols.Same(attribute.AttributeClass, quantize) && KnownSymbols.FieldsOf(attribute) is null && attribute.ApplicationSyntaxReference is { } place && IsOn(place))]
            : [];
    }

    private bool IsOn(SyntaxReference place) => place.SyntaxTree == Declaration.SyntaxTree && Declaration.Span.Contains(place.Span);
}
