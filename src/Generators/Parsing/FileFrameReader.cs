using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Parsing;

/// <summary>Reads what stands around a class in its file, so that its text means the same in another file.</summary>
internal static class FileFrameReader
{
    /// <summary>The using directives outside every namespace that are the file's own; global ones reach the generated file anyhow.</summary>
    public static ImmutableArray<string> FileUsings(SyntaxNode node) => Usings(((CompilationUnitSyntax)node.SyntaxTree.GetRoot()).Usings);

    /// <summary>All using directives that hold at a class.</summary>
    public static IEnumerable<string> AllUsings(SyntaxNode node)
        => FileUsings(node).Concat(node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().SelectMany(n => Usings(n.Usings)));

    public static FileFrame Read(ClassDeclarationSyntax declaration, SemanticModel model, IEnumerable<string> extraUsings)
    {
        CompilationUnitSyntax root = (CompilationUnitSyntax)declaration.SyntaxTree.GetRoot();
        IEnumerable<string> externs = root.Externs.Select(directive => directive.WithoutTrivia().ToString());
        return new(
            [.. Defines(root)],
            Nullable(model.GetNullableContext(declaration.SpanStart)),
            [.. externs, .. FileUsings(declaration), .. extraUsings],
            [.. declaration.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(Read)],
            [.. declaration.Ancestors().OfType<TypeDeclarationSyntax>().Reverse().Select(Header)]);
    }

    private static NamespaceFrame Read(BaseNamespaceDeclarationSyntax declaration)
        => new(declaration.Name.ToString(), declaration is FileScopedNamespaceDeclarationSyntax, [.. Usings(declaration.Usings)]);

    private static string Header(TypeDeclarationSyntax type)
    {
        string keyword = type is RecordDeclarationSyntax { ClassOrStructKeyword: { RawKind: not 0 } kind } ? $"record {kind.ValueText}" : type.Keyword.ValueText;
        return $"partial {keyword} {type.Identifier.Text}{type.TypeParameterList?.WithoutTrivia()}";
    }

    private static ImmutableArray<string> Usings(SyntaxList<UsingDirectiveSyntax> directives)
        => [.. directives.Where(directive => !directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword)).Select(directive => directive.WithoutTrivia().ToString())];

    // They stand before the first token, and an #if inside the class may ask for them.
    private static IEnumerable<string> Defines(CompilationUnitSyntax root)
        => root.GetLeadingTrivia()
            .Where(trivia => trivia.IsKind(SyntaxKind.DefineDirectiveTrivia) || trivia.IsKind(SyntaxKind.UndefDirectiveTrivia))
            .Where(trivia => trivia.GetStructure() is DirectiveTriviaSyntax { IsActive: true })
            .Select(trivia => trivia.ToString().Trim());

    private static string Nullable(NullableContext context)
        => (context.AnnotationsEnabled(), context.WarningsEnabled()) switch
        {
            (true, true) => "enable",
            (true, false) => "enable annotations",
            (false, true) => "enable warnings",
            _ => "disable",
        };
}
