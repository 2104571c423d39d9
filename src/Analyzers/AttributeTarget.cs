using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Analyzers;

/// <summary>The runtime that an attribute's tensors are for: its own <c>Target</c>, or that of the model around it.</summary>
internal static class AttributeTarget
{
    private const string Property = "Target", TakingAffine = "OnnxRuntime";

    /// <summary>Whether a runtime that what the attribute says can reach takes affine ranges.</summary>
    /// <param name="syntax">An attribute on a class, a member, or the assembly.</param>
    /// <param name="attributes">The types of attributes that have a target.</param>
    /// <param name="model">The model of the attribute's file.</param>
    /// <param name="cancellation">Stops it.</param>
    public static bool TakesAffine(AttributeSyntax syntax, ImmutableArray<INamedTypeSymbol> attributes, SemanticModel model, CancellationToken cancellation)
    {
        if (Argument(syntax, Property) is { } own)
        {
            return model.GetTypeInfo(own.Expression, cancellation).Type is { } type && model.GetConstantValue(own.Expression, cancellation).Value is { } value
                && IsTakingAffine(type, value);
        }

        // What stands on a member or is for some fields has the target of its class, and a nested class that of the model around it.
        SyntaxNode? declaration = syntax.Parent?.Parent;
        bool isPart = declaration is not TypeDeclarationSyntax || Argument(syntax, "Fields") is not null;
        INamedTypeSymbol[] types =
        [
            .. (isPart ? syntax.Ancestors() : declaration!.Ancestors()).OfType<TypeDeclarationSyntax>()
                .Select(type => model.GetDeclaredSymbol(type, cancellation)).OfType<INamedTypeSymbol>(),
        ];
        AttributeData[] around = [.. types.SelectMany(type => type.GetAttributes()).Where(IsOurs)];
        if (types.Length > 0 && around.All(attribute => Argument(attribute, "Fields") is not null))
        {
            // Profiles of the assembly, or the attribute of a class that must not be touched.
            around = [.. model.Compilation.Assembly.GetAttributes().Where(IsOurs)];
        }

        return around.Any(attribute => Argument(attribute, Property) is { Type: { } type, Value: { } value } && IsTakingAffine(type, value));

        bool IsOurs(AttributeData attribute) => attribute.AttributeClass is { } type && attributes.Contains(type, SymbolEqualityComparer.Default);
    }

    private static AttributeArgumentSyntax? Argument(AttributeSyntax syntax, string name)
        => syntax.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.Identifier.ValueText == name);

    private static TypedConstant? Argument(AttributeData attribute, string name)
        => attribute.NamedArguments.Where(argument => argument.Key == name).Select(argument => (TypedConstant?)argument.Value).FirstOrDefault();

    private static bool IsTakingAffine(ITypeSymbol type, object value)
        => type.GetMembers(TakingAffine).OfType<IFieldSymbol>().Any(member => Equals(member.ConstantValue, value));
}
