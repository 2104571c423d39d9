using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>What of a declaration other code can depend on: all but bodies, members, and initialisers that are not constant.</summary>
internal static class Signatures
{
    public static IEnumerable<SyntaxToken> Tokens(SyntaxNode declaration)
        => declaration.DescendantTokens(node => node == declaration || !IsHidden(node));

    public static ulong Hash(ulong seed, SyntaxNode declaration)
    {
        // "int P => 1;" and "int P = 1;" differ by their kind alone.
        ulong hash = Fnv.Mix(seed, (ulong)declaration.RawKind);
        foreach (SyntaxToken token in Tokens(declaration))
        {
            hash = Fnv.Mix(hash, token.Text);
        }

        return hash;
    }

    /// <summary>The names by which a declaration refers to others; a string, as in <c>Name = "QuantNet"</c>, can be one.</summary>
    public static IEnumerable<string> Words(IEnumerable<SyntaxToken> tokens)
        => tokens.Where(token => token.IsKind(SyntaxKind.IdentifierToken) || token.IsKind(SyntaxKind.StringLiteralToken)).Select(token => token.ValueText);

    public static IEnumerable<AttributeSyntax> Attributes(SyntaxNode declaration)
        => declaration.DescendantNodesAndSelf(node => node == declaration || !IsHidden(node)).OfType<AttributeSyntax>();

    private static bool IsHidden(SyntaxNode node) => node switch
    {
        BlockSyntax or ArrowExpressionClauseSyntax or StatementSyntax => true,
        EnumMemberDeclarationSyntax => false,
        MemberDeclarationSyntax => true,
        EqualsValueClauseSyntax { Parent: ParameterSyntax or EnumMemberDeclarationSyntax } => false,
        EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: BaseFieldDeclarationSyntax field } } => !field.Modifiers.Any(SyntaxKind.ConstKeyword),
        EqualsValueClauseSyntax => true,
        _ => false,
    };
}
