using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Fuzzing;

/// <summary>One random edit of a source, by tokens, statements, members or attributes.</summary>
internal static class SyntacticEdit
{
    public static string Apply(string source, Random random)
    {
        SyntaxNode root = Compiler.Parse(source, "").GetRoot();
        SyntaxToken[] tokens = [.. root.DescendantTokens().Where(token => token.Span.Length > 0)];
        StatementSyntax[] statements = [.. root.DescendantNodes().OfType<StatementSyntax>().Where(s => s is not BlockSyntax)];
        MemberDeclarationSyntax[] members = [.. root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(m => m is not BaseNamespaceDeclarationSyntax)];
        ExpressionSyntax[] expressions = [.. root.DescendantNodes().OfType<ExpressionSyntax>()];
        if (statements.Length == 0 || members.Length == 0)
        {
            return source;
        }

        return random.Next(12) switch
        {
            0 => Replace(source, Pick(tokens, random), _ => ""),
            1 => Replace(source, Pick(tokens, random), token => token + " " + token),
            2 => Swap(source, Pick(tokens, random), Pick(tokens, random)),
            3 or 4 => SwapAlike(source, tokens, random),
            5 => Replace(source, Pick(statements, random), _ => ""),
            6 => Replace(source, Pick(statements, random), statement => statement + " " + statement),
            7 => Swap(source, Pick(statements, random), Pick(statements, random)),
            8 => SwapExpressions(source, expressions, random),
            9 => Replace(source, Pick(members, random), member => "[FullPrecision] " + member),
            10 => SwapTypes(source, root, random),
            _ => Replace(source, Pick(members, random), _ => ""),
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
