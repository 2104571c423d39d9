using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// <c>y + identity</c> becomes <c>y + residual_quantizer.call(identity)</c>, with a field for each addition; for ONNX
/// Runtime the other operand is quantized as well.
/// </summary>
internal static class ResidualRewriter
{
    public static void Rewrite(IEnumerable<Addition> additions, QuantizerFields fields, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        ReportMasks(additions, context, diagnostics);
        int number = 1;
        foreach (Addition addition in additions.Where(addition => addition.IsResidual && !context.IsFullPrecision(addition.Operation.Syntax)))
        {
            (Profile Profile, string Owner) place = context.PlaceOf(addition.Operation.Syntax);
            if (place.Profile.Residual.None)
            {
                continue;
            }

            (Operand residual, Operand? addend) = (addition.Residual, context.Profile.Target.QuantizesBothAddends ? addition.Other : null);
            if ((fields.ReasonAgainst(addition.Operation, residual, addend) ?? ChangeInPlace.ReasonAgainst(addition, context)) is { } reason)
            {
                diagnostics.Add(DiagnosticInfo.Create(Rules.ResidualNotQuantized, residual.Syntax, DiagnosticInfo.OneLine(residual.Syntax), reason));
                continue;
            }

            string residualName = fields.Add("residual_quantizer", number, context.Descriptors.Residual(place, residual.Facts.IsNonNegative));
            string? addendName = addend is null ? null : fields.Add("addend_quantizer", number, context.Descriptors.Residual(place, addend.Facts.IsNonNegative));
            (string? left, string? right) = addition.ResidualIsLeft ? (residualName, addendName) : (addendName, residualName);
            Rewrite(addition, left, right, fields, context);
            number++;
        }
    }

    /// <summary>An operand that would be the residual one, or the other, if its name did not say that it is a mask.</summary>
    private static void ReportMasks(IEnumerable<Addition> additions, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        foreach (Addition addition in additions.Where(addition => !addition.IsResidual && !context.IsFullPrecision(addition.Operation.Syntax)))
        {
            foreach ((Operand mask, Operand other) in new[] { (addition.Left, addition.Right), (addition.Right, addition.Left) })
            {
                if (!mask.Depth.FromInput && other.Depth is { FromInput: true, Most: > 0 } && MaskNames.IsMask(mask.Operation, context.Known))
                {
                    diagnostics.Add(DiagnosticInfo.Create(Rules.TakenForMask, mask.Syntax, DiagnosticInfo.OneLine(mask.Syntax)));
                }
            }
        }
    }

    private static void Rewrite(Addition addition, string? left, string? right, QuantizerFields fields, RewriteContext context)
    {
        if (right is not null)
        {
            fields.Quantize(addition.Right, right);
        }

        if (left is null)
        {
            return;
        }

        EditList edits = fields.EditsOf(addition.Operation);
        switch (addition.Form)
        {
            case AdditionForm.Compound when addition.Operation.Syntax is AssignmentExpressionSyntax assignment:
                // x += y is x = x + y: a new tensor.
                edits.Replace(assignment.OperatorToken.Span, $"= {left}.call({assignment.Left}) +");
                if (right is null && NeedsParentheses(assignment.Right))
                {
                    edits.Wrap(assignment.Right.Span, "(", ")");
                }

                break;

            case AdditionForm.InPlace when ChangeInPlace.IsSeenLater(addition, context):
                bool isStatement = addition.Operation.Syntax.Parent is ExpressionStatementSyntax;
                edits.Wrap(addition.Operation.Syntax.Span, isStatement ? $"{addition.Left.Syntax} = " : $"({addition.Left.Syntax} = ", isStatement ? "" : ")");
                fields.Quantize(addition.Left, left);
                break;

            default:
                fields.Quantize(addition.Left, left);
                break;
        }
    }

    private static bool NeedsParentheses(ExpressionSyntax right)
        => right is ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax
            || (right is BinaryExpressionSyntax binary && !binary.IsKind(SyntaxKind.MultiplyExpression) && !binary.IsKind(SyntaxKind.DivideExpression));
}
