using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>What one file declares: nothing in it depends on bodies. Each file is read once.</summary>
internal sealed class FileOutline
{
    private static readonly ConditionalWeakTable<SyntaxTree, FileOutline> s_files = new();

    private readonly Lazy<Dictionary<string, DeclaredName>> _names;
    private readonly Lazy<HashSet<string>> _words;

    private FileOutline(SyntaxTree tree)
    {
        List<Declaration> declarations = DeclarationReader.Read(tree);
        foreach (Declaration declaration in declarations)
        {
            Hash = Fnv.Mix(Fnv.Mix(Hash, declaration.Name), declaration.Hash);
        }

        HasComputedNames = declarations.Any(declaration => declaration.Name.Length == 0 && Signatures.Attributes(declaration.Signature).Any(HasComputedName));
        _names = new(() => DeclaredName.Collect(declarations));
        _words = new(() => [.. Signatures.Words(tree.GetRoot().DescendantTokens())]);
    }

    /// <summary>Of all declarations, with their order.</summary>
    public ulong Hash { get; } = Fnv.Start;

    /// <summary>Whether an attribute may name a class by an expression, so that the name is not among the words.</summary>
    public bool HasComputedNames { get; }

    /// <summary>What is declared, by simple name.</summary>
    public IReadOnlyDictionary<string, DeclaredName> Names => _names.Value;

    /// <summary>All names in the file, bodies included.</summary>
    public IReadOnlyCollection<string> Words => _words.Value;

    public static FileOutline Of(SyntaxTree tree) => s_files.GetValue(tree, static t => new(t));

    private static bool HasComputedName(AttributeSyntax attribute)
        => attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.Identifier.ValueText == "Name"
            && argument.Expression is not LiteralExpressionSyntax { Token.RawKind: (int)SyntaxKind.StringLiteralToken }) == true;
}
