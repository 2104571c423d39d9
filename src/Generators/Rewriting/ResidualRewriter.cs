using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Parsing;
using QuantGen.Generators.Residuals;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// <c>y + identity</c> becomes <c>y + residual_quantizer.call(identity)</c>, with a field for each addition; for ONNX
/// Runtime the other operand is quantized as well.
/// </summary>
internal static class ResidualRewriter
{
    /// <summary>The additions to quantize with the names of their fields, and what is said about those that cannot be.</summary>
    public static (List<ResidualSite> Sites, List<DiagnosticInfo> Diagnostics) Plan(IEnumerable<Addition> additions, ClassText type, FreeNames names, RewriteContext context)
    {
        (List<ResidualSite> sites, List<DiagnosticInfo> diagnostics) = ([], []);
        if (context.Profile.Residual.None)
        {
            return (sites, diagnostics);
        }

        foreach (Addition addition in additions)
        {
            if (!addition.IsResidual || context.IsFullPrecision(addition.Operation.Syntax))
            {
                continue;
            }

            if ((ResidualPlace.ReasonAgainst(addition, type, context) ?? ChangeInPlace.ReasonAgainst(addition, context)) is { } reason)
            {
                IOperation residual = addition.ResidualIsLeft ? addition.Left : addition.Right;
                diagnostics.Add(DiagnosticInfo.Create(Rules.ResidualNotQuantized, residual.Syntax, OneLine(residual.Syntax), reason));
                continue;
            }

            string number = Suffix(type, context) + (sites.Count == 0 ? "" : (sites.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));
            string residualName = names.Take("residual_quantizer" + number);
            string? addendName = context.Profile.OnnxRuntime ? names.Take("addend_quantizer" + number) : null;
            sites.Add(new(addition, residualName, addendName));
        }

        return (sites, diagnostics);
    }

    public static void Rewrite(ResidualSite site, RewriteContext context, EditList edits)
    {
        Addition addition = site.Addition;
        string? left = addition.ResidualIsLeft ? site.Residual : site.Addend;
        string? right = addition.ResidualIsLeft ? site.Addend : site.Residual;
        if (right is not null)
        {
            Call(right, addition.Right.Syntax, edits);
        }

        if (left is null)
        {
            return;
        }

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
                Call(left, addition.Left.Syntax, edits);
                break;

            default:
                Call(left, addition.Left.Syntax, edits);
                break;
        }
    }

    /// <summary>TorchSharp registers the fields of base classes too, where a base that is generated may have quantizers of the same name.</summary>
    private static string Suffix(ClassText type, RewriteContext context)
        => type.Symbol.BaseType is { } parent && (context.IsInside(parent) || SiblingModels.NameOf(parent, context) is not null) ? "_" + type.Symbol.Name : "";

    private static void Call(string quantizer, SyntaxNode operand, EditList edits)
    {
        if (operand.Parent is ParenthesizedExpressionSyntax parenthesized)
        {
            edits.Replace(parenthesized.OpenParenToken.Span, $"{quantizer}.call(");
        }
        else
        {
            edits.Wrap(operand.Span, $"{quantizer}.call(", ")");
        }
    }

    private static bool NeedsParentheses(ExpressionSyntax right)
        => right is ConditionalExpressionSyntax or AssignmentExpressionSyntax or SwitchExpressionSyntax
            || (right is BinaryExpressionSyntax binary && !binary.IsKind(SyntaxKind.MultiplyExpression) && !binary.IsKind(SyntaxKind.DivideExpression));

    private static string OneLine(SyntaxNode node) => string.Join(" ", node.ToString().Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>An addition that is quantized, and the fields for its operands; TensorRT wants one for the residual operand only.</summary>
internal sealed record ResidualSite(Addition Addition, string Residual, string? Addend)
{
    public IEnumerable<string> Fields => Addend is null ? [Residual] : [Residual, Addend];
}
