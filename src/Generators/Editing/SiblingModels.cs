using Microsoft.CodeAnalysis;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Editing;

/// <summary>The generated classes of other annotated models: known by rule, since a generator does not see what generators write.</summary>
internal static class SiblingModels
{
    /// <summary>The name of the class that this profile takes for another model, or <see langword="null"/>.</summary>
    public static string? NameOf(INamedTypeSymbol type, RewriteContext context)
    {
        INamedTypeSymbol model = type.OriginalDefinition;
        if (model.TypeKind != TypeKind.Class || context.IsInside(model) || !context.Known.QuantizeAttributes(model).Any())
        {
            return null;
        }

        string name = Profile.Matching(context.Profile.Name, context.Symbol.Name, context.Known.QuantizeAttributes(model), model.Name);
        bool exists = KnownSymbols.Same(model.ContainingAssembly, context.Compilation.Assembly)
            ? ModelRules.HasSibling(model, context.Known)
            : ((INamespaceOrTypeSymbol?)model.ContainingType ?? model.ContainingNamespace).GetTypeMembers(name, model.Arity)
                .Any(other => context.Compilation.IsSymbolAccessibleWithin(other, context.Symbol));
        return exists ? name : null;
    }

    /// <summary>What the names of generated members end with in a class whose base is generated too, and has such members itself; else nothing.</summary>
    /// <remarks>TorchSharp registers the fields of base classes with those of the class, and its <c>to()</c> fails where a property hides one.</remarks>
    public static string SuffixIn(INamedTypeSymbol type, RewriteContext context)
        => type.BaseType is { } parent && (context.IsInside(parent) || NameOf(parent, context) is not null) ? "_" + type.Name : "";
}
