using System.Globalization;
using static TorchSharp.torch;

namespace QuantGen.Numerics.Formats;

/// <summary>Numbers as the reference prints them, so that descriptions can be compared line by line.</summary>
internal static class ReferenceText
{
    /// <summary>The shortest text that restores the number, with a decimal point: <c>2.0</c>, <c>0.9</c>, <c>1e-05</c>.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return Special(value);
        }

        double magnitude = Math.Abs(value);
        if (magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16))
        {
            string text = value.ToString("E16", CultureInfo.InvariantCulture);
            for (int digits = 0; digits < 17; digits++)
            {
                text = value.ToString($"E{digits}", CultureInfo.InvariantCulture);
                if (double.Parse(text, CultureInfo.InvariantCulture) == value)
                {
                    break;
                }
            }

            string[] parts = text.Split('E');
            int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
            return $"{parts[0]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        string plain = value.ToString("R", CultureInfo.InvariantCulture);
        return plain.Contains('.') ? plain : plain + ".0";
    }

    /// <summary>An amax in a few characters: <c>0.8000</c>, or <c>[0.5000, 1.5000](3)</c> for three between those.</summary>
    public static string Amax(Tensor amax)
    {
        using var scope = NewDisposeScope();
        Tensor values = amax.detach().cpu().to(ScalarType.Float64);
        return values.numel() == 1
            ? Fixed(values.item<double>())
            : $"[{Fixed(values.min().item<double>())}, {Fixed(values.max().item<double>())}]({values.numel()})";
    }

    /// <summary>An array in brackets, rows on lines of their own and points below each other: <c>[1.3 1.4]</c>.</summary>
    public static string Array(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        List<(string Whole, string Fraction)> parts = [];
        foreach (float value in values)
        {
            double shortest = float.IsFinite(value) ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : value;
            string[] digits = Number(shortest).Split('.');
            parts.Add((digits[0], digits.Length > 1 ? digits[1] == "0" ? "." : "." + digits[1] : ""));
        }

        int whole = parts.Select(part => part.Whole.Length).DefaultIfEmpty().Max(), fraction = parts.Select(part => part.Fraction.Length).DefaultIfEmpty().Max(
            );
        List<string> level = [.. parts.Select(part => part.Whole.PadLeft(whole) + part.Fraction.PadRight(fraction))];
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            // The innermost axis runs along a line; each further one starts lines, indented by the brackets around it.
            string separator = axis == shape.Length - 1 ? " " : new string('\n', shape.Length - 1 - axis) + new string(' ', axis + 1);
            level = shape[axis] == 0 ? ["[]"] : [.. level.Chunk((int)shape[axis]).Select(row => $"[{string.Join(separator, row)}]")];
        }

        return level[0];
    }

    private static string Fixed(double value) => double.IsFinite(value) ? value.ToString("F4", CultureInfo.InvariantCulture) : Special(value);

    private static string Special(double value) => double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}
