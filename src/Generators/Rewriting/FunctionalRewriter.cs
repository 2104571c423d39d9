using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// <c>q.matmul(k)</c> becomes <c>matmul_input_quantizer.call(q).matmul(matmul_other_quantizer.call(k))</c>, with fields for each call.
/// </summary>
internal static class FunctionalRewriter
{
    public static void Rewrite(FlowFindings findings, QuantizerFields fields, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        Dictionary<string, int> numbers = [];
        foreach (FunctionalCall call in findings.Calls.Where(call => call.TakesInput && IsWanted(call, context) && !context.IsFullPrecision(call.Call.Syntax)))
        {
            List<(Operand Operand, string Descriptor, int Index)> quantized = [.. Quantized(call, context)];
            if (quantized.Count == 0)
            {
                continue;
            }

            string? change = ReasonAgainst(call, context);
            if ((fields.ReasonAgainst(call.Call, [.. quantized.Select(entry => entry.Operand)]) ?? change) is { } reason)
            {
                diagnostics.Add(Stays(call.Call, reason));
                continue;
            }

            numbers.TryGetValue(call.Operation.Name, out int number);
            numbers[call.Operation.Name] = ++number;
            if (call.Operation.Module is { } module)
            {
                // In place it changes its operand too, as the module does then.
                fields.Replace(call, quantized[0].Operand, number, module, (InPlace.IsCertain(call.Call) ? "inplace: true, " : "") + "input: " + quantized[0].Descriptor);
                continue;
            }

            foreach ((Operand operand, string descriptor, int index) in quantized)
            {
                fields.Quantize(operand, fields.Add(call.Operation.QuantizerName(index, number), 1, descriptor));
            }
        }

        if (context.Profile.Functional && !context.Profile.Input.None)
        {
            diagnostics.AddRange(findings.OtherProducts.Where(call => !context.IsFullPrecision(call.Syntax)).Select(call => Stays(call, FunctionalOperation.ReasonAgainst(call.TargetMethod.Name))));
        }
    }

    /// <summary>Whether a function is quantized: an activation behind a layer where the target wants it, others on request.</summary>
    private static bool IsWanted(FunctionalCall call, RewriteContext context)
        => call.Operation.IsActivation ? context.Profile.Target.QuantizesActivations && call.Operands[0].Depth.Most > 0 : context.Profile.Functional;

    private static string? ReasonAgainst(FunctionalCall call, RewriteContext context)
    {
        if (!call.Operation.IsActivation)
        {
            return null;
        }

        // A module in the place of a function can change its input itself, if that is always asked for.
        bool isModule = call.Operation.Module is not null;
        return isModule && call.Call.Instance is IConditionalAccessInstanceOperation ? "it starts behind '?.'; assign what it is computed from to a local first"
            : InPlace.IsPossible(call.Call) && !(isModule && InPlace.IsCertain(call.Call)) ? ChangeInPlace.ReasonAgainst(call.Call, call.Operands[0].Operation, context)
            : null;
    }

    private static DiagnosticInfo Stays(IInvocationOperation call, string reason)
        => DiagnosticInfo.Create(Rules.FunctionNotQuantized, call.Syntax, DiagnosticInfo.OneLine(call.Syntax), reason);

    /// <summary>The operands to quantize, and how; the others stay as they are.</summary>
    private static IEnumerable<(Operand Operand, string Descriptor, int Index)> Quantized(FunctionalCall call, RewriteContext context)
    {
        for (int i = 0; i < call.Operands.Count; i++)
        {
            Operand operand = call.Operands[i];
            if (Descriptor(operand, isWeight: i == 1 && call.Operation.HasWeight, call.Operation, context) is { } descriptor)
            {
                yield return (operand, descriptor, i);
            }
        }
    }

    private static string? Descriptor(Operand operand, bool isWeight, FunctionalOperation operation, RewriteContext context)
    {
        if (operand.Facts.FromInput)
        {
            // A weight that is computed from an input is an activation: its channels may change from call to call.
            (Profile Profile, string Owner) place = context.PlaceOf(operand.Syntax);
            return place.Profile.Input.None ? null : context.Descriptors.Input(place, operand.Facts.IsNonNegative);
        }

        if (context.Profile.Weight.None || !(isWeight || operand.Facts.IsStored) || IsFullPrecision(operand.Operation, context))
        {
            return null;
        }

        // Which axis of a product has the output channels depends on shapes, which are not known here.
        return isWeight
            ? context.Descriptors.Weight(operation.Second == SecondOperand.TransposedWeight, (context.Profile, ""))
            : context.Descriptors.WeightPerTensor();
    }

    private static bool IsFullPrecision(IOperation operand, RewriteContext context) => operand switch
    {
        IConversionOperation conversion => IsFullPrecision(conversion.Operand, context),
        IMemberReferenceOperation reference => context.Known.IsFullPrecision(reference.Member),
        _ => false,
    };
}
