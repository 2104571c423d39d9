using Microsoft.CodeAnalysis;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Tracing;

/// <summary>The export of a model that cannot be exported: as the runtime's own for all models, but with the operation that is in the way.</summary>
internal static class ExportRefusals
{
    private const string Method = "ExportOnnx";

    /// <summary>For a model at the top level; an extension method cannot be in a nested class, and one of a nested class would not be found.</summary>
    public static ExportRefusal? Of(string? reason, RewriteContext context)
    {
        INamedTypeSymbol model = context.Symbol;
        INamedTypeSymbol? export = context.Compilation.GetTypeByMetadataName($"{KnownSymbols.OnnxNamespace}.OnnxExport");
        IMethodSymbol? general = export?.GetMembers(Method).OfType<IMethodSymbol>().FirstOrDefault(method => method.Arity == 0 && IsObsolete(method));
        bool canHaveExtensions = model is { ContainingType: null, Arity: 0, DeclaredAccessibility: Accessibility.Public or Accessibility.Internal };
        if (reason is null || general is null || !canHaveExtensions)
        {
            return null;
        }

        string name = $"{context.Profile.Name}Export";
        while (!model.ContainingNamespace.GetTypeMembers(name).IsEmpty || GeneratedNames.Contains(context.Compilation, name))
        {
            name += "_";
        }

        IEnumerable<string> parameters = general.Parameters.Skip(1).Select(parameter => Text(parameter)).Prepend($"this {context.Profile.Name} model");
        return new(
            model.DeclaredAccessibility == Accessibility.Public ? "public" : "internal",
            name,
            $"{general.ReturnType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)} {Method}({string.Join(", ", parameters)})",
            reason);
    }

    private static bool IsObsolete(IMethodSymbol method)
        => method.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(ObsoleteAttribute));

    private static string Text(IParameterSymbol parameter)
    {
        string type = parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return $"{type} {parameter.Name}{(parameter.IsOptional ? $" = ({type})({parameter.ExplicitDefaultValue ?? "default"})" : "")}";
    }
}
