using QuantGen.Generators.DataFlow;
using QuantGen.Generators.Editing;

namespace QuantGen.Generators.Rewriting;

/// <summary>
/// For ONNX Runtime <c>conv.call(x) * 8</c> becomes <c>output_quantizer.call(conv.call(x)) * 8</c>: what has no integer form stands between quantizers, and the
/// convolution before it gives integers. The same where a pool reads a tensor that others read too: all of them read the same integers then.
/// </summary>
internal static class OutputRewriter
{
    public static void Rewrite(IEnumerable<Operand> readers, QuantizerFields fields, RewriteContext context)
    {
        if (!context.Profile.Target.QuantizesActivations || context.Profile.Input.None)
        {
            return;
        }

        int number = 1;
        foreach (Operand operand in readers.Where(operand => !context.IsFullPrecision(operand.Syntax) && !fields.Operands.Contains(operand.Operation)))
        {
            // Where no quantizer can be put, the export's notes say what runs in floating point.
            if (operand.Facts.FromInput && fields.ReasonAgainst(operand.Operation, operand) is null)
            {
                fields.Quantize(operand, fields.Add("output_quantizer", number++, context.Descriptors.Input(operand.Facts.IsNonNegative)));
            }
        }
    }
}
