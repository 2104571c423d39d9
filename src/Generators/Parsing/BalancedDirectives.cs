using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Parsing;

/// <summary>Whether the text of a node can stand elsewhere as far as its <c>#if</c>s and <c>#region</c>s go.</summary>
internal static class BalancedDirectives
{
    public static bool Hold(SyntaxNode node)
    {
        if (!node.ContainsDirectives)
        {
            return true;
        }

        int conditions = 0;
        int regions = 0;
        foreach (SyntaxTrivia trivia in node.DescendantTrivia())
        {
            if (!trivia.IsDirective || !node.Span.Contains(trivia.Span))
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
