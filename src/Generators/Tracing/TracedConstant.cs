using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;

namespace QuantGen.Generators.Tracing;

/// <summary><c>weight</c> becomes <c>(TracedTensor)weight</c> where a tensor of the model must be a traced one.</summary>
internal static class TracedConstant
{
    /// <summary>For a method to be called on it.</summary>
    public static void WriteAround(SyntaxNode tensor, RewriteContext context, TracedTypes types, EditList edits)
        => edits.Wrap(tensor.Span, "(" + Before(tensor, context, types), After(tensor) + ")");

    /// <summary>Inside the call of a quantizer.</summary>
    public static void WriteInside(SyntaxNode tensor, RewriteContext context, TracedTypes types, EditList edits)
        => edits.WrapInside(tensor.Span, Before(tensor, context, types), After(tensor));

    private static string Before(SyntaxNode tensor, RewriteContext context, TracedTypes types)
        => $"({context.Short(types.Symbols.Tensor, tensor)})" + (BindsCloser(tensor) ? "" : "(");

    private static string After(SyntaxNode tensor) => BindsCloser(tensor) ? "" : ")";

    private static bool BindsCloser(SyntaxNode tensor)
        => tensor is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax;
}
