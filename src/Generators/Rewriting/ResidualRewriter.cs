using Microsoft.CodeAnalysis;
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
            if ((fields.ReasonAgainst(addition.Operation, residual, addend) ?? ChangeInPlace.ReasonAgainst(addition, addition.ResidualIsLeft || addend is not null, context)) is { } reason)
            {
                diagnostics.Add(DiagnosticInfo.Create(Rules.ResidualNotQuantized, residual.Syntax, DiagnosticInfo.OneLine(residual.Syntax), reason));
                continue;
            }

            string residualName = fields.Add("residual_quantizer", number, context.Descriptors.Residual(place, residual.Facts.IsNonNegative));
            string? addendName = addend is null ? null : fields.Add("addend_quantizer", number, context.Descriptors.Residual(place, addend.Facts.IsNonNegative));
            (string? left, string? right) = addition.ResidualIsLeft ? (residualName, addendName) : (addendName, residualName);
            BinaryOperands.Quantize(addition, left, right, fields, context);
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
}
