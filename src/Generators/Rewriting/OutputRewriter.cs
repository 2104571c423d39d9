using Microsoft.CodeAnalysis;
using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// For ONNX Runtime <c>conv.call(x) * 8</c> becomes <c>output_quantizer.call(conv.call(x)) * 8</c>: what has no integer form stands between quantizers, and the
/// convolution before it gives integers. The same where a pool reads a tensor that others read too: all of them read the same integers then.
/// </summary>
internal static class OutputRewriter
{
    public static void Rewrite(IEnumerable<Operand> readers, QuantizerFields fields, RewriteContext context)
    {
        if (!context.Profile.Target.QuantizesActivations)
        {
            return;
        }

        int number = 1;
        HashSet<IOperation> quantized = [.. fields.Operands];
        ChangedTensors changed = new(context.Known);
        foreach (Operand operand in readers.Where(operand => operand.Facts.FromInput && !context.IsFullPrecision(operand.Syntax) && !quantized.Contains(operand.Operation)))
        {
            // Where no quantizer can be put, the export's notes say what runs in floating point.
            (Profile Profile, string Owner) place = context.PlaceOf(operand.Syntax);
            if (!place.Profile.Input.None && !changed.Contain(operand.Operation) && fields.ReasonAgainst(operand.Operation, operand) is null)
            {
                fields.Quantize(operand, fields.Add("output_quantizer", number++, context.Descriptors.Input(place, operand.Facts.IsNonNegative)));
            }
        }
    }
}
