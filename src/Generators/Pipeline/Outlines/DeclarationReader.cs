using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>Lists what a file declares, each with the names by which other code can come to depend on it.</summary>
internal sealed class DeclarationReader
{
    private readonly Directives _directives;
    private readonly List<Declaration> _declarations = [];

    private DeclarationReader(CompilationUnitSyntax root) => _directives = new(root);

    public static List<Declaration> Read(SyntaxTree tree)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)tree.GetRoot();
        DeclarationReader reader = new(root);
        ulong seed = Fnv.Mix((ulong)tree.Options.GetHashCode(), reader._directives.Hash);
        foreach (SyntaxNode node in root.Externs.Concat<SyntaxNode>(root.AttributeLists))
        {
            reader.Add("", seed, node);
        }

        seed = reader.ReadUsings(seed, root.Usings);
        reader.ReadMembers(seed, root.Members, "", isEverywhere: false);
        return reader._declarations;
    }

    private void ReadMembers(ulong seed, SyntaxList<MemberDeclarationSyntax> members, string container, bool isEverywhere)
    {
        foreach (MemberDeclarationSyntax member in members)
        {
            switch (member)
            {
                case BaseNamespaceDeclarationSyntax space: ReadNamespace(seed, space, isEverywhere); break;
                case TypeDeclarationSyntax type: ReadType(seed, type, container, isEverywhere); break;
                case EnumDeclarationSyntax enumeration:
                    // A member before another changes the other's value.
                    Add(seed, enumeration, container, isEverywhere, [enumeration.Identifier, .. enumeration.Members.Select(value => value.Identifier)]);
                    break;

                case MethodDeclarationSyntax method when OneOperation.BodyOf(method) is { } body:
                    // Who calls such a module reads what it does.
                    _declarations.Add(new(container, Fnv.Mix(Signatures.Hash(seed, body), 1), body));
                    goto default;

                default: Add(seed, member, IsExtension(member) ? "" : container, isEverywhere, Names(member)); break;
            }
        }
    }

    private void ReadNamespace(ulong seed, BaseNamespaceDeclarationSyntax space, bool isEverywhere)
    {
        ulong name = Fnv.Start;
        foreach (string part in space.AncestorsAndSelf().OfType<BaseNamespaceDeclarationSyntax>().Reverse().SelectMany(outer => Signatures.Words(outer.Name.DescendantTokens())))
        {
            name = Fnv.Mix(name, part);
            isEverywhere |= ImpliedNames.IsNamespace(part);
            _declarations.AddRange(from found in ImpliedNames.IsOfGenerator(part) ? ["", part] : new[] { part } select new Declaration(found, name, space.Name));
        }

        seed = Fnv.Mix(seed, name);

        foreach (ExternAliasDirectiveSyntax alias in space.Externs)
        {
            seed = Signatures.Hash(seed, alias);
        }

        seed = ReadUsings(seed, space.Usings);
        ReadMembers(seed, space.Members, "", isEverywhere);
    }

    /// <summary>Usings change how every declaration below them binds; a global one, how all code does.</summary>
    private ulong ReadUsings(ulong seed, SyntaxList<UsingDirectiveSyntax> directives)
    {
        foreach (UsingDirectiveSyntax directive in directives)
        {
            if (directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword))
            {
                Add("", Fnv.Start, directive);
                continue;
            }

            seed = Signatures.Hash(seed, directive);
            foreach (string name in directive.Alias is { } alias ? [alias.Name.Identifier.ValueText] : Array.Empty<string>())
            {
                Add(name, Fnv.Start, directive);
            }
        }

        return seed;
    }

    private void ReadType(ulong seed, TypeDeclarationSyntax type, string container, bool isEverywhere)
    {
        // Whether a class is annotated matters to all that could have the same generated name. What is nested in a nested type is of its signature.
        SyntaxToken[] outer = type.Parent is TypeDeclarationSyntax { Parent: TypeDeclarationSyntax } nested ? [nested.Identifier] : [];
        Add(seed, type, container, isEverywhere || type.AttributeLists.Count > 0, [type.Identifier, .. outer, .. type.ParameterList?.Parameters.Select(parameter => parameter.Identifier) ?? []]);
        ReadMembers(_directives.Mix(Signatures.Hash(seed, type), type), type.Members, type.Identifier.ValueText, isEverywhere);
    }

    /// <summary>
    /// Whether a member matters to all that name its type: fields and properties tell whether a class holds modules, and what a nested type has in its
    /// signatures
    /// tells whether it is copied with a model.
    /// </summary>
    private static bool DecidesOfType(MemberDeclarationSyntax member)
        => member.Parent?.Parent is TypeDeclarationSyntax || (!member.Modifiers.Any(SyntaxKind.StaticKeyword) && !member.Modifiers.Any(SyntaxKind.ConstKeyword) && member switch
        {
            FieldDeclarationSyntax field => field.Declaration.Type is not PredefinedTypeSyntax,
            PropertyDeclarationSyntax property => property.Type is not PredefinedTypeSyntax && property.ExpressionBody is null,
            _ => false,
        });

    private static bool IsExtension(MemberDeclarationSyntax member)
        => member is MethodDeclarationSyntax { ParameterList.Parameters: [var first, ..] } && first.Modifiers.Any(SyntaxKind.ThisKeyword);

    private static IEnumerable<SyntaxToken> Names(MemberDeclarationSyntax member) => member switch
    {
        BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier),
        MethodDeclarationSyntax method => [method.Identifier],
        PropertyDeclarationSyntax property => [property.Identifier],
        EventDeclarationSyntax declared => [declared.Identifier],
        ConstructorDeclarationSyntax constructor => [constructor.Identifier],
        DelegateDeclarationSyntax type => [type.Identifier],
        _ => [],
    };

    private void Add(ulong seed, MemberDeclarationSyntax member, string container, bool isEverywhere, IEnumerable<SyntaxToken> names)
    {
        string[] found = [.. names.Select(name => name.ValueText)];
        if (isEverywhere || found.Any(ImpliedNames.IsOfGenerator))
        {
            Add("", seed, member);
        }
        else if (found.Length == 0 || found.Any(ImpliedNames.IsOfPattern) || DecidesOfType(member))
        {
            // What leads to a value leads to its type; an extension's type is not that of the value.
            Add(container, seed, member);
        }

        foreach (string name in found)
        {
            Add(name, seed, member);
        }
    }

    private void Add(string name, ulong seed, SyntaxNode node) => _declarations.Add(new(name, _directives.Mix(Signatures.Hash(seed, node), node), node));
}
