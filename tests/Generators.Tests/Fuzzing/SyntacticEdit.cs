using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Tests.Fuzzing;

/// <summary>One random edit of a file, by tokens, statements, members or attributes.</summary>
internal static class SyntacticEdit
{
    /// <summary>The kind of the edit and the new text of the file.</summary>
    public static (string Kind, string Text, string? Other) Apply(SyntaxTree file, Random random)
    {
        string source = file.ToString();
        SyntaxNode root = file.GetRoot();
        SyntaxToken[] tokens = [.. root.DescendantTokens().Where(token => token.Span.Length > 0)];
        StatementSyntax[] statements = [.. root.DescendantNodes().OfType<StatementSyntax>().Where(s => s is not BlockSyntax)];
        MemberDeclarationSyntax[] members = [.. root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(m => m is not BaseNamespaceDeclarationSyntax)];
        ExpressionSyntax[] expressions = [.. root.DescendantNodes().OfType<ExpressionSyntax>()];
        if (members.Length == 0)
        {
            return ("no member", source, null);
        }

        int kind = random.Next(statements.Length == 0 ? 10 : 13);
        return kind switch
        {
            0 => ("token removed", Replace(source, Pick(tokens, random), _ => ""), null),
            1 => ("token doubled", Replace(source, Pick(tokens, random), token => token + " " + token), null),
            2 => ("tokens swapped", Swap(source, Pick(tokens, random), Pick(tokens, random)), null),
            3 or 4 => ("like tokens", SwapAlike(source, tokens, random), null),
            5 or 6 => ("like expressions", SwapExpressions(source, expressions, random), null),
            7 => ("full precision", Replace(source, Pick(members, random), member => "[FullPrecision] " + member), null),
            8 => ("type", SwapTypes(source, root, random), null),
            9 => ("member removed", Replace(source, Pick(members, random), _ => ""), null),
            10 => ("statement removed", Replace(source, Pick(statements, random), _ => ""), null),
            11 => ("statement doubled", Replace(source, Pick(statements, random), statement => statement + " " + statement), null),
            _ => ("statements swapped", Swap(source, Pick(statements, random), Pick(statements, random)), null),
        };
    }

    private static T Pick<T>(T[] items, Random random) => items[random.Next(items.Length)];

    private static string Replace(string source, SyntaxNodeOrToken part, Func<string, string> edit)
        => source[..part.Span.Start] + edit(part.ToString()) + source[part.Span.End..];

    private static string Swap(string source, SyntaxNodeOrToken a, SyntaxNodeOrToken b)
    {
        (SyntaxNodeOrToken first, SyntaxNodeOrToken second) = a.Span.Start <= b.Span.Start ? (a, b) : (b, a);
        return first.Span.End > second.Span.Start
            ? source
            : source[..first.Span.Start] + second + source[first.Span.End..second.Span.Start] + first + source[second.Span.End..];
    }

    /// <summary>Two tokens of one kind, such as two names: more often than others this still compiles.</summary>
    private static string SwapAlike(string source, SyntaxToken[] tokens, Random random)
    {
        SyntaxToken token = Pick(tokens, random);
        SyntaxToken other = Pick([.. tokens.Where(t => t.RawKind == token.RawKind)], random);
        return random.Next(2) == 0 ? Swap(source, token, other) : Replace(source, token, _ => other.ToString());
    }

    private static string SwapExpressions(string source, ExpressionSyntax[] expressions, Random random)
    {
        ExpressionSyntax expression = Pick(expressions, random);
        ExpressionSyntax other = Pick([.. expressions.Where(e => e.RawKind == expression.RawKind)], random);
        return Replace(source, expression, _ => other.ToString());
    }

    /// <summary>Another declared type, mostly a concrete module's for the abstract one.</summary>
    private static string SwapTypes(string source, SyntaxNode root, Random random)
    {
        TypeSyntax[] types = [.. root.DescendantNodes().OfType<VariableDeclarationSyntax>().Select(d => d.Type), .. root.DescendantNodes().OfType<ParameterSyntax>().Select(p => p.Type).OfType<TypeSyntax>()];
        string[] wanted = ["var", "Module<Tensor, Tensor>", "Module", "Conv2d", "Linear", "Convolution", "Sequential", .. types.Select(type => type.ToString())];
        return types.Length == 0 ? source : Replace(source, Pick(types, random), _ => Pick(wanted, random));
    }
}
