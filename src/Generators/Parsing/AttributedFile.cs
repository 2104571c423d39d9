using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Parsing;

/// <summary>The classes with attributes in one file, and all that is needed to tell by name which attributes can be <c>[Quantize]</c>.</summary>
internal sealed class AttributedFile
{
    private static readonly ConditionalWeakTable<SyntaxTree, AttributedFile> s_files = new();

    private readonly List<(ClassDeclarationSyntax Class, string[] Attributes)> _classes = [];
    private readonly List<ClassDeclarationSyntax> _all = [];
    private readonly string[] _ofAssembly;
    private readonly HashSet<string> _aliases = [];

    private AttributedFile(SyntaxTree tree)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)tree.GetRoot();
        _ofAssembly = Names(root.AttributeLists);
        foreach (SyntaxNode node in root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            if (node is ClassDeclarationSyntax any)
            {
                _all.Add(any);
            }

            if (node is ClassDeclarationSyntax { AttributeLists.Count: > 0 } declaration)
            {
                _classes.Add((declaration, Names(declaration.AttributeLists)));
            }
            else if (node is UsingDirectiveSyntax { Alias.Name.Identifier.ValueText: var alias } directive)
            {
                (directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword) ? GlobalAliases : _aliases).Add(alias);
            }
        }
    }

    /// <summary>All classes, with attributes or without.</summary>
    public IReadOnlyList<ClassDeclarationSyntax> All => _all;

    /// <summary>The names that <c>global using Q = …;</c> gives.</summary>
    public HashSet<string> GlobalAliases { get; } = [];

    public static AttributedFile Of(SyntaxTree tree) => s_files.GetValue(tree, static t => new(t));

    /// <summary>The classes that may be annotated.</summary>
    public IEnumerable<ClassDeclarationSyntax> Classes(HashSet<string> globalAliases)
        => _classes.Where(found => found.Attributes.Any(name => CanBeQuantize(name, globalAliases))).Select(found => found.Class);

    /// <summary>Whether there may be a <c>[assembly: Quantize(typeof(Net))]</c> or a <c>[assembly: QuantizedModule(…)]</c>.</summary>
    public bool OfAssembly(HashSet<string> globalAliases)
        => _ofAssembly.Any(name => name is "QuantizedModule" or "QuantizedModuleAttribute" or "QuantizeProfile" or "QuantizeProfileAttribute" || CanBeQuantize(name, globalAliases));

    private bool CanBeQuantize(string name, HashSet<string> globalAliases)
        => name is "Quantize" or "QuantizeAttribute" || IsAlias(name) || IsAlias(name + "Attribute")
            || globalAliases.Contains(name) || globalAliases.Contains(name + "Attribute");

    private bool IsAlias(string name) => _aliases.Contains(name);

    private static string[] Names(SyntaxList<AttributeListSyntax> lists)
        => [.. lists.SelectMany(list => list.Attributes).Select(attribute => attribute.Name.GetLastToken().ValueText)];
}
