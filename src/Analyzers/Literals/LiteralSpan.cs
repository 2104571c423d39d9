using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace QuantGen.Analyzers.Literals;

/// <summary>Finds a part of a string's value in the literal that spells it.</summary>
internal static class LiteralSpan
{
    /// <summary>
    /// Where a part of the value stands in the source, or <see langword="null"/> when the expression is not one literal,
    /// such as a constant or a concatenation.
    /// </summary>
    public static TextSpan? Of(ExpressionSyntax expression, int start, int length)
    {
        if (expression is not LiteralExpressionSyntax { RawKind: (int)SyntaxKind.StringLiteralExpression, Token: var token })
        {
            return null;
        }

        List<int>? places = token.Kind() switch
        {
            SyntaxKind.StringLiteralToken => token.Text.StartsWith("@", StringComparison.Ordinal) ? Verbatim(token.Text) : Escaped(token.Text),
            SyntaxKind.SingleLineRawStringLiteralToken => Raw(token.Text),
            SyntaxKind.MultiLineRawStringLiteralToken => RawLines(token.Text),
            _ => null,
        };

        // The last place is that of the closing quote, so that a part at the end has an end.
        return places is not null && places.Count == token.ValueText.Length + 1
            ? TextSpan.FromBounds(token.SpanStart + places[start], token.SpanStart + places[start + length])
            : null;
    }

    /// <summary>Where each character of the value of <c>"…"</c> starts, in the literal.</summary>
    private static List<int> Escaped(string literal)
    {
        List<int> places = [];
        int at = 1;
        while (at < literal.Length - 1)
        {
            places.Add(at);
            int length = EscapeLength(literal, at);
            if (length == 10 && Convert.ToInt32(literal.Substring(at + 2, 8), 16) > char.MaxValue)
            {
                // \U with a character that is two in the value.
                places.Add(at);
            }

            at += length;
        }

        places.Add(at);
        return places;
    }

    private static int EscapeLength(string literal, int at)
    {
        if (literal[at] != '\\')
        {
            return 1;
        }

        switch (literal[at + 1])
        {
            case 'u': return 6;
            case 'U': return 10;
            case 'x':
                int end = at + 2;
                while (end < at + 6 && Uri.IsHexDigit(literal[end]))
                {
                    end++;
                }

                return end - at;
            default: return 2;
        }
    }

    /// <summary>As <see cref="Escaped"/> for <c>@"…"</c>, in which two quotes stand for one.</summary>
    private static List<int> Verbatim(string literal)
    {
        List<int> places = [];
        int at = 2;
        while (at < literal.Length - 1)
        {
            places.Add(at);
            at += literal[at] == '"' ? 2 : 1;
        }

        places.Add(at);
        return places;
    }

    private static List<int> Raw(string literal)
    {
        int quotes = Quotes(literal);
        return [.. Enumerable.Range(quotes, literal.Length - (2 * quotes) + 1)];
    }

    /// <summary>As <see cref="Escaped"/> for a raw literal of several lines: what stands before the closing quotes is not part of any line.</summary>
    private static List<int> RawLines(string literal)
    {
        int end = literal.Length - Quotes(literal);
        int lastLine = literal.LastIndexOf('\n', end - 1) + 1;
        int indentation = end - lastLine;
        int at = literal.IndexOf('\n') + 1;
        List<int> places = [];
        while (at < lastLine)
        {
            int next = literal.IndexOf('\n', at) + 1;
            bool isBlank = string.IsNullOrWhiteSpace(literal.Substring(at, next - at));
            int first = isBlank ? Math.Min(at + indentation, next - LineBreak(literal, next)) : at + indentation;

            // The break after the last line belongs to the closing quotes.
            int stop = next == lastLine ? next - LineBreak(literal, next) : next;
            places.AddRange(Enumerable.Range(first, Math.Max(0, stop - first)));
            at = next;
            if (next == lastLine)
            {
                places.Add(stop);
            }
        }

        return places;
    }

    private static int LineBreak(string literal, int next) => next > 1 && literal[next - 2] == '\r' ? 2 : 1;

    private static int Quotes(string literal) => literal.Length - literal.TrimStart('"').Length;
}
