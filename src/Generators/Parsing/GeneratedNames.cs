using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>The names that generated classes of a project can have, in whatever namespace.</summary>
/// <remarks>By syntax, as the classes themselves are found: one name too many makes another type be written with its namespace, no more.</remarks>
internal static class GeneratedNames
{
    private static readonly ConditionalWeakTable<Compilation, HashSet<string>> s_names = new();

    public static bool Contains(Compilation compilation, string name) => s_names.GetValue(compilation, static c => [.. Read(c)]).Contains(name);

    private static IEnumerable<string> Read(Compilation compilation)
    {
        AttributedFile[] files = [.. compilation.SyntaxTrees.Select(AttributedFile.Of)];
        HashSet<string> globalAliases = [.. files.SelectMany(file => file.GlobalAliases)];
        IEnumerable<string> ofAssembly = KnownSymbols.Of(compilation)?.AnnotatedByAssembly
            .SelectMany(entry => entry.Value.Select(attribute => Profile.Read(attribute, entry.Key.Name).Name)) ?? [];
        IEnumerable<string> ofProfiles = KnownSymbols.Of(compilation)?.Profiles
            .SelectMany(profile => files.SelectMany(file => file.All).Select(declaration => Profile.Read(profile, declaration.Identifier.ValueText).Name)) ?? [];
        return files.SelectMany(file => file.Classes(globalAliases)).SelectMany(declaration => Names(declaration, compilation)).Concat(ofAssembly).Concat(ofProfiles);
    }

    private static IEnumerable<string> Names(ClassDeclarationSyntax declaration, Compilation compilation)
    {
        yield return Profile.DefaultName(declaration.Identifier.ValueText);
        foreach (AttributeArgumentSyntax argument in declaration.AttributeLists.SelectMany(list => list.Attributes).SelectMany(attribute => attribute.ArgumentList?.Arguments ?? []))
        {
            if (argument.NameEquals?.Name.Identifier.ValueText == "Name"
                && (argument.Expression is LiteralExpressionSyntax literal ? literal.Token.Value : compilation.GetSemanticModel(argument.SyntaxTree).GetConstantValue(argument.Expression).Value) is string name)
            {
                yield return name;
            }
        }
    }
}
