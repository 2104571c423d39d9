using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Takes nested types that stay the model's own out of the text; where they are named, <c>Config</c> becomes <c>Net.Config</c>.</summary>
internal static class OriginalTypeRewriter
{
    public static void Rewrite(ClassPart part, RewriteContext context, EditList edits)
    {
        List<MemberDeclarationSyntax> removed = [.. Originals(part, context)];
        foreach (MemberDeclarationSyntax type in removed)
        {
            foreach (SyntaxTrivia comment in type.GetLeadingTrivia().Where(trivia => trivia.GetStructure() is DocumentationCommentTriviaSyntax))
            {
                edits.Replace(comment.FullSpan, Lines(comment.ToFullString()));
            }

            edits.Replace(type.Span, Lines(type.ToString()));
        }

        IEnumerable<TypeName> named = part.TypeNames.Where(name => OriginalTypes.Contain(name.Type, context.Known));
        foreach (TypeName name in named.Where(name => !removed.Any(type => type.Span.Contains(name.Syntax.Span))))
        {
            Qualify(name, context, edits);
        }
    }

    /// <summary>Whether a position is in the text of a type that is taken out.</summary>
    public static bool IsRemoved(SyntaxNode node, RewriteContext context)
        => node.Ancestors().OfType<MemberDeclarationSyntax>().Any(member => IsOriginal(member, context));

    /// <summary>Whether a name stands before that of an original type, as <c>Net</c> in <c>Net.Config</c>, which goes on to mean the model.</summary>
    public static bool IsQualifier(SimpleNameSyntax name, RewriteContext context)
    {
        SyntaxNode at = name;
        while (true)
        {
            SimpleNameSyntax? right = at.Parent switch
            {
                QualifiedNameSyntax qualified when qualified.Left == at => qualified.Right,
                MemberAccessExpressionSyntax access when access.Expression == at => access.Name,
                _ => null,
            };
            if (right is not null
                && context.ModelOf(right).GetSymbolInfo(right, context.Cancellation).Symbol is ITypeSymbol type
                && OriginalTypes.Contain(type, context.Known))
            {
                return true;
            }

            if (at.Parent is not (QualifiedNameSyntax or MemberAccessExpressionSyntax))
            {
                return false;
            }

            at = at.Parent;
        }
    }

    private static IEnumerable<MemberDeclarationSyntax> Originals(ClassPart part, RewriteContext context)
        => part.Declaration.DescendantNodes(node => node == part.Declaration || (node is TypeDeclarationSyntax type && !IsOriginal(type, context)))
            .OfType<MemberDeclarationSyntax>()
            .Where(member => IsOriginal(member, context));

    private static bool IsOriginal(MemberDeclarationSyntax member, RewriteContext context)
        => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
            && context.ModelOf(member).GetDeclaredSymbol(member, context.Cancellation) is ITypeSymbol type
            && !KnownSymbols.Same(type, context.Symbol)
            && OriginalTypes.Contain(type, context.Known);

    private static void Qualify(TypeName name, RewriteContext context, EditList edits)
    {
        SyntaxNode whole = name.Syntax;
        while ((whole.Parent is QualifiedNameSyntax qualified && qualified.Right == whole)
            || (whole.Parent is MemberAccessExpressionSyntax access && access.Name == whole))
        {
            whole = whole.Parent;
        }

        // An alias, a namespace or a name of the model itself before it means the same in the sibling.
        if (whole.GetFirstToken().Parent is SimpleNameSyntax first
            && context.ModelOf(first).GetAliasInfo(first, context.Cancellation) is null
            && context.ModelOf(first).GetSymbolInfo(first, context.Cancellation).Symbol is INamedTypeSymbol { ContainingType: { } container } type
            && (first == name.Syntax || !OriginalTypes.Contain(type, context.Known))
            && OriginalTypes.ModelAround(type, context.Known) is not null)
        {
            edits.Insert(first.SpanStart, Text(container, first, context) + ".");
        }
    }

    private static string Text(INamedTypeSymbol container, SyntaxNode place, RewriteContext context)
    {
        bool isShort = container is { ContainingType: null, Arity: 0 }
            && context.PartOf(place).Names.Meanings(container.Name, place.SpanStart) is [var found]
            && KnownSymbols.Same(found, container);
        return isShort ? container.Name : container.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
    }

    /// <summary>As many line breaks as a text has, so that what follows stays on its line.</summary>
    private static string Lines(string text) => new('\n', text.Count(c => c == '\n'));
}
