using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Tracing;

/// <summary>An operation that cannot be recorded over traced tensors.</summary>
/// <param name="Place">The operation.</param>
/// <param name="Reason">Why not.</param>
internal readonly record struct Obstacle(SyntaxNode Place, string Reason)
{
    /// <summary>Whether every call of the method gets there, so that none of them could be exported.</summary>
    /// <param name="method">The method.</param>
    public bool IsCertain(MethodDeclarationSyntax method) => IsCertain(Place, method);

    /// <summary>Whether every call of a method gets to a place in it.</summary>
    public static bool IsCertain(SyntaxNode place, MethodDeclarationSyntax method)
    {
        SyntaxNode at = place;
        for (; at.Parent is { } parent && at != method; at = parent)
        {
            bool mayBeSkipped = parent switch
            {
                IfStatementSyntax choice => at != choice.Condition,
                ConditionalExpressionSyntax choice => at != choice.Condition,
                SwitchStatementSyntax choice => at != choice.Expression,
                SwitchExpressionSyntax choice => at != choice.GoverningExpression,
                WhileStatementSyntax loop => at != loop.Condition,
                ForStatementSyntax loop => at != loop.Declaration && !loop.Initializers.Any(first => first == at) && at != loop.Condition,
                CommonForEachStatementSyntax loop => at != loop.Expression,
                BinaryExpressionSyntax both => at == both.Right
                    && both.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression,
                AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } assignment => at == assignment.Right,
                ConditionalAccessExpressionSyntax access => at == access.WhenNotNull,
                AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or TryStatementSyntax => true,
                _ => false,
            };
            if (mayBeSkipped)
            {
                return false;
            }
        }

        // A return or a throw before it may have left the method.
        return !method.DescendantNodes(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Any(node => node.Span.End <= place.SpanStart && node is ReturnStatementSyntax or ThrowStatementSyntax or ThrowExpressionSyntax or GotoStatementSyntax);
    }
}
