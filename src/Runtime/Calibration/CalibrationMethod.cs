using System.Globalization;

namespace QuantGen;

/// <summary>How the amax of a quantizer is found from what calibration collected. Compares by value.</summary>
public sealed record CalibrationMethod
{
    private CalibrationMethod(CalibrationMethodKind kind) => Kind = kind;

    /// <summary>The largest absolute value.</summary>
    public static CalibrationMethod Max { get; } = new(CalibrationMethodKind.Max);

    /// <summary>The amax whose quantized distribution has the smallest Kullback-Leibler divergence from the original one.</summary>
    public static CalibrationMethod Entropy { get; } = new(CalibrationMethodKind.Entropy);

    /// <summary>The amax with the smallest mean squared quantization error.</summary>
    public static CalibrationMethod Mse { get; } = new(CalibrationMethodKind.Mse);

    /// <summary>Which search this is.</summary>
    public CalibrationMethodKind Kind { get; }

    /// <summary>The percentage of values to keep inside the range, for <see cref="CalibrationMethodKind.Percentile"/>.</summary>
    public double Percentage { get; private init; } = 100;

    /// <summary>The amax that leaves the given percentage of absolute values inside the range.</summary>
    /// <param name="percentage">Above 0, at most 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percentage"/> is not in the range.</exception>
    public static CalibrationMethod Percentile(double percentage = 99.99)
    {
        if (!(percentage > 0 && percentage <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentage), percentage, "A percentile must be above 0 and at most 100.");
        }

        return new(CalibrationMethodKind.Percentile) { Percentage = percentage };
    }

    /// <summary>The name, such as <c>entropy</c> or <c>percentile 99.99</c>.</summary>
    public override string ToString() => Kind switch
    {
        CalibrationMethodKind.Max => "max",
        CalibrationMethodKind.Entropy => "entropy",
        CalibrationMethodKind.Mse => "mse",
        _ => string.Create(CultureInfo.InvariantCulture, $"percentile {Percentage}"),
    };

    /// <summary>The method of a name as <see cref="ToString"/> gives it; <c>histogram</c>, the reference's word for all but the maximum, is entropy.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static CalibrationMethod Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] words = name.Split(' ');
        return words switch
        {
            ["max"] => Max,
            ["entropy"] or ["histogram"] => Entropy,
            ["mse"] => Mse,
            ["percentile"] => Percentile(),
            ["percentile", var number] when double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double percentage) => Percentile(percentage),
            _ => throw new ArgumentException($"There is no calibration method '{name}'; there are max, entropy, mse and percentile.", nameof(name)),
        };
    }
}
