using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Parsing;

/// <summary>Whether the text of a node can stand elsewhere as far as its <c>#if</c>s and <c>#region</c>s go.</summary>
internal static class BalancedDirectives
{
    public static bool Hold(SyntaxNode node) => Hold(node, node.SpanStart);

    /// <summary>Whether the text of a node can stand elsewhere from a position on, as from after its attributes.</summary>
    public static bool Hold(SyntaxNode node, int start)
    {
        if (!node.ContainsDirectives)
        {
            return true;
        }

        int conditions = 0;
        int regions = 0;
        foreach (SyntaxTrivia trivia in node.DescendantTrivia())
        {
            if (!trivia.IsDirective || trivia.SpanStart < start || trivia.Span.End > node.Span.End)
            {
                continue;
            }

            switch (trivia.GetStructure())
            {
                case IfDirectiveTriviaSyntax: conditions++; break;
                case EndIfDirectiveTriviaSyntax: conditions--; break;
                case ElifDirectiveTriviaSyntax or ElseDirectiveTriviaSyntax when conditions == 0: return false;
                case RegionDirectiveTriviaSyntax: regions++; break;
                case EndRegionDirectiveTriviaSyntax: regions--; break;
            }

            if (conditions < 0 || regions < 0)
            {
                return false;
            }
        }

        return conditions == 0 && regions == 0;
    }
}
