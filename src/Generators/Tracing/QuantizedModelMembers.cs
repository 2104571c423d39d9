using Microsoft.CodeAnalysis;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Tracing;

/// <summary>What a generated class implements of the interface that all generated classes share.</summary>
internal static class QuantizedModelMembers
{
    public const string Interface = "IQuantizedModel";

    private const string Method = "ExportOnnx";

    /// <summary>The export of a class that can be exported, as an explicit member that calls the extension which knows the class.</summary>
    public static ExportMember? Export(RewriteContext context)
    {
        INamedTypeSymbol? contract = context.Compilation.GetTypeByMetadataName($"{KnownSymbols.ModulesNamespace}.{Interface}");
        IMethodSymbol? declared = contract?.GetMembers(Method).OfType<IMethodSymbol>().FirstOrDefault();
        return declared is null ? null : new(
            Name(declared.ReturnType),
            $"{Method}({string.Join(", ", declared.Parameters.Select(parameter => $"{Name(parameter.Type)} {parameter.Name}"))})",
            $"global::{KnownSymbols.OnnxNamespace}.OnnxExport.{Method}({string.Join(", ", declared.Parameters.Select(parameter => parameter.Name).Prepend("this"))})");
    }

    /// <summary>Whether a class, or one of the user's that it derives from, has a way of loading of its own, which is not to be overridden.</summary>
    public static bool LoadsItself(INamedTypeSymbol model)
    {
        for (INamedTypeSymbol? type = model; type is not null && type.ContainingNamespace?.ToDisplayString() is not ("TorchSharp" or "TorchSharp.Modules"); type = type.BaseType)
        {
            if (type.GetMembers("load").Length > 0 || type.GetMembers("load_state_dict").Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static string Name(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
}
