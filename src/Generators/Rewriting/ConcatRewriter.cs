using Microsoft.CodeAnalysis;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// For ONNX Runtime <c>cat([a, b])</c> becomes <c>cat([concat_quantizer.call(a), concat_quantizer2.call(b)])</c>: its integer kernel takes
/// a scale for each of them.
/// </summary>
internal static class ConcatRewriter
{
    private const string Enumerable = "System.Linq.Enumerable";

    public static void Rewrite(IEnumerable<Concatenation> concatenations, QuantizerFields fields, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        if (!context.Profile.Target.QuantizesConcatenations || context.Profile.Input.None)
        {
            return;
        }

        int number = 1;
        foreach (Concatenation found in concatenations.Where(found => found.IsOfActivations && !context.IsFullPrecision(found.Call.Syntax)))
        {
            // A mask, or a tensor of zeros, stays as it is.
            List<Operand> parts = [.. found.Parts.Where(part => part.Facts.FromInput || part.Facts.IsStored)];
            if (!parts.All(part => context.Known.IsTensor(part.Operation.Type) || IsSequence(part.Operation.Type, context)))
            {
                continue;
            }

            if (fields.ReasonAgainst(found.Call, [.. parts]) is { } reason)
            {
                diagnostics.Add(DiagnosticInfo.Create(Rules.FunctionNotQuantized, found.Call.Syntax, DiagnosticInfo.OneLine(found.Call.Syntax), reason));
                continue;
            }

            foreach (Operand part in parts)
            {
                // Each has a range of its own: boxes in pixels beside probabilities would leave those one step.
                string field = fields.Add("concat_quantizer", number++, context.Descriptors.Input(part.Facts.IsNonNegative));
                if (context.Known.IsTensor(part.Operation.Type))
                {
                    fields.Quantize(part, field);
                }
                else
                {
                    fields.QuantizeAll(part, field);
                }
            }
        }
    }

    /// <summary>Whether a list can be gone through tensor by tensor; a span cannot.</summary>
    private static bool IsSequence(ITypeSymbol? type, RewriteContext context)
        => type is not null
            && context.Compilation.GetTypeByMetadataName(Enumerable) is not null
            && type.AllInterfaces.Concat(type is INamedTypeSymbol named ? [named] : []).Any(candidate =>
                candidate is { OriginalDefinition.SpecialType: SpecialType.System_Collections_Generic_IEnumerable_T, TypeArguments: [var element] } && context.Known.IsTensor(element));
}
