using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Diagnostics;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// For ONNX Runtime <c>x * gate</c> becomes <c>product_quantizer.call(x) * product_quantizer2.call(gate)</c>: its integer kernel takes a scale for each.
/// </summary>
internal static class ProductRewriter
{
    public static void Rewrite(IEnumerable<Product> products, QuantizerFields fields, RewriteContext context, List<DiagnosticInfo> diagnostics)
    {
        if (!context.Profile.Target.QuantizesActivations)
        {
            return;
        }

        int number = 1;
        foreach (Product product in products.Where(product => product.IsOfActivations && !context.IsFullPrecision(product.Operation.Syntax)))
        {
            (Profile Profile, string Owner) place = context.PlaceOf(product.Operation.Syntax);
            if (place.Profile.Input.None)
            {
                continue;
            }

            (Operand? left, Operand? right) = (Quantized(product.Left, fields, context), Quantized(product.Right, fields, context));
            if ((fields.ReasonAgainst(product.Operation, left, right) ?? ChangeInPlace.ReasonAgainst(product, left is not null, context)) is { } reason)
            {
                diagnostics.Add(DiagnosticInfo.Create(Rules.FunctionNotQuantized, product.Operation.Syntax, DiagnosticInfo.OneLine(product.Operation.Syntax), reason));
                continue;
            }

            BinaryOperands.Quantize(product, Add(left), Add(right), fields, context);

            string? Add(Operand? operand)
                => operand is null ? null : fields.Add("product_quantizer", number++, context.Descriptors.Input(place, operand.Facts.IsNonNegative));
        }
    }

    /// <summary>The operand, unless what gives it gives integers: a quantized module, called as such or in the place of a function.</summary>
    private static Operand? Quantized(Operand operand, QuantizerFields fields, RewriteContext context)
        => operand.Facts is { IsQuantized: true, Source: IInvocationOperation source } && (context.Known.IsModule(source.Instance?.Type) || fields.Replaced.Contains(source)) ? null : operand;
}
