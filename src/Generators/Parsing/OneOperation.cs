using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Parsing;

/// <summary>Finds the <c>forward</c> of a small module that is one addition or one concatenation, by its syntax.</summary>
internal static class OneOperation
{
    /// <summary>The expression that a method consists of, where it may be such an operation; else <see langword="null"/>.</summary>
    public static ExpressionSyntax? BodyOf(MethodDeclarationSyntax method)
    {
        ExpressionSyntax? whole = method.Identifier.ValueText != "forward" ? null
            : method.ExpressionBody?.Expression ?? (method.Body is { Statements: [ReturnStatementSyntax { Expression: { } returned }] } ? returned : null);
        return whole switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.AddExpression } => whole,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: var name } } when IsName(name) => whole,
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: var name } } when IsName(name) => whole,
            _ => null,
        };
    }

    private static bool IsName(string name) => name is "add" or "cat" or "concat" or "concatenate";
}
