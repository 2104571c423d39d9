using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;

namespace QuantGen.Generators.Rewriting;

/// <summary>Puts quantizers around the operands of an addition or a product, in each way in which it can be written.</summary>
internal static class BinaryOperands
{
    /// <param name="operation">The operation.</param>
    /// <param name="left">The quantizer of the left operand; <see langword="null"/> for none.</param>
    /// <param name="right">The quantizer of the right operand; <see langword="null"/> for none.</param>
    /// <param name="fields">Takes the edits.</param>
    /// <param name="context">The class and its profile.</param>
    public static void Quantize(BinaryOperation operation, string? left, string? right, QuantizerFields fields, RewriteContext context)
    {
        if (right is not null)
        {
            fields.Quantize(operation.Right, right);
        }

        if (left is null)
        {
            return;
        }

        EditList edits = fields.EditsOf(operation.Operation);
        switch (operation.Form)
        {
            case BinaryForm.Compound when operation.Operation.Syntax is AssignmentExpressionSyntax assignment:
                // x += y is x = x + y: a new tensor.
                edits.Replace(assignment.OperatorToken.Span, $"= {left}.call({assignment.Left}) {operation.Sign}");
                if (right is null && NeedsParentheses(assignment.Right))
                {
                    edits.Wrap(assignment.Right.Span, "(", ")");
                }

                break;

            case BinaryForm.InPlace when ChangeInPlace.IsSeenLater(operation, context):
                bool isStatement = operation.Operation.Syntax.Parent is ExpressionStatementSyntax;
                edits.Wrap(operation.Operation.Syntax.Span, isStatement ? $"{operation.Left.Syntax} = " : $"({operation.Left.Syntax} = ", isStatement ? "" : ")");
                fields.Quantize(operation.Left, left);
                break;

            default:
                fields.Quantize(operation.Left, left);
                break;
        }
    }

    private static bool NeedsParentheses(ExpressionSyntax right)
        => right is ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax
            || (right is BinaryExpressionSyntax binary && !binary.IsKind(SyntaxKind.MultiplyExpression) && !binary.IsKind(SyntaxKind.DivideExpression));
}
