using System.Globalization;
using System.Text;
using QuantGen.Generators.Models;
using QuantGen.Specification;

namespace QuantGen.Generators.Emitting;

/// <summary>Prints the nested class of descriptors.</summary>
internal static class DescriptorText
{
    private const int DefaultBits = 8;

    public static void Print(QuantizationClass quantization, string indentation, StringBuilder text)
    {
        text.Append(indentation).Append("/// <summary>How this model is quantized, as its [Quantize] says.</summary>\n")
            .Append(indentation).Append("private static class ").Append(quantization.Name).Append('\n')
            .Append(indentation).Append("{\n");
        foreach (DescriptorSpec descriptor in quantization.Descriptors)
        {
            text.Append(indentation).Append("    public static readonly ").Append(quantization.QuantDescriptor).Append(' ').Append(descriptor.Name)
                .Append(" = new() { ").Append(string.Join(", ", Settings(descriptor, quantization))).Append(" };\n");
        }

        text.Append(indentation).Append("}\n");
    }

    private static IEnumerable<string> Settings(DescriptorSpec descriptor, QuantizationClass quantization)
    {
        TensorSpecification specification = descriptor.Specification;
        if (specification.None)
        {
            yield return "IsNone = true";
            yield break;
        }

        yield return specification.Float8
            ? $"NumBits = {quantization.NumBits}.E4M3"
            : "NumBits = " + (specification.Bits ?? DefaultBits).ToString(CultureInfo.InvariantCulture);
        if (descriptor.Axis is { } axis)
        {
            yield return "Axis = " + axis.ToString(CultureInfo.InvariantCulture);
        }

        if (specification.Affine == true)
        {
            yield return "Affine = true";
        }

        if (specification.Unsigned)
        {
            yield return "Unsigned = true";
        }

        if (descriptor.DetectUnsigned)
        {
            yield return "DetectUnsigned = true";
        }

        if (specification.Narrow)
        {
            yield return "NarrowRange = true";
        }

        if (specification.Calibrator is { } calibrator)
        {
            string argument = calibrator == Calibrator.Percentile ? $"({specification.Percentile.ToString("R", CultureInfo.InvariantCulture)})" : "";
            yield return $"CalibrationMethod = {quantization.CalibrationMethod}.{calibrator}{argument}";
        }

        if (specification.Learned)
        {
            yield return "LearnAmax = true";
            yield return "LearnStep = true";
        }
    }
}
