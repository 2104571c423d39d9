using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary><c>x</c> becomes <c>quantizer.call(x)</c>.</summary>
internal static class QuantizerCall
{
    /// <summary>Why an operand cannot be wrapped in a call, or <see langword="null"/>.</summary>
    public static string? ReasonAgainst(SyntaxNode operand)
        => operand.GetFirstToken().Parent is MemberBindingExpressionSyntax or ElementBindingExpressionSyntax
            ? "it starts behind '?.'; assign what it is computed from to a local first"
            : null;

    public static void Write(string quantizer, SyntaxNode operand, FreeNames names, EditList edits)
    {
        SyntaxNode whole = Whole(operand);
        if (whole.Parent is ConditionalAccessExpressionSyntax access && access.Expression == whole)
        {
            // Nothing is left of "x?.matmul(y)" where x is null, so that a quantizer must not meet it.
            string name = names.Take("operand");
            edits.Wrap(whole.Span, "(", $" is {{ }} {name} ? {quantizer}.call({name}) : null)");
        }
        else if (whole is ParenthesizedExpressionSyntax parenthesized)
        {
            edits.Replace(parenthesized.OpenParenToken.Span, $"{quantizer}.call(");
        }
        else
        {
            edits.Wrap(whole.Span, $"{quantizer}.call(", ")");
        }
    }

    /// <summary>The tensors of a list go through a quantizer one by one.</summary>
    public static void WriteForEach(string quantizer, SyntaxNode list, FreeNames names, EditList edits)
    {
        string name = names.Take("tensor");
        const string Linq = "global::System.Linq.Enumerable";
        edits.Wrap(Whole(list).Span, $"{Linq}.ToArray({Linq}.Select(", $", {name} => {quantizer}.call({name})))");
    }

    /// <summary>An expression with its parentheses and the <c>!</c> behind it.</summary>
    private static SyntaxNode Whole(SyntaxNode operand)
    {
        while (operand.Parent is ParenthesizedExpressionSyntax || operand.Parent.IsKind(SyntaxKind.SuppressNullableWarningExpression))
        {
            operand = operand.Parent!;
        }

        return operand;
    }
}
