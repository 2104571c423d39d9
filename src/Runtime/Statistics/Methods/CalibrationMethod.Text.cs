using System.Globalization;

namespace QuantGen;

/// <content>Names of methods, for people, descriptors and files.</content>
public sealed partial record CalibrationMethod
{
    /// <summary>The name, such as <c>entropy</c>, <c>percentile 99.99</c> or <c>mse stride=4 start=64</c>; <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        string name = Kind switch
        {
            CalibrationMethodKind.Max => "max",
            CalibrationMethodKind.Entropy => "entropy",
            CalibrationMethodKind.Mse => "mse",
            CalibrationMethodKind.Sqnr => "sqnr",
            CalibrationMethodKind.MovingAverageMax => string.Create(CultureInfo.InvariantCulture, $"average {AveragingConstant}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"percentile {Percentage}"),
        };
        string stride = Stride == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" stride={Stride}");
        return StartBin == AmaxSearch.DefaultStartBin ? name + stride : string.Create(CultureInfo.InvariantCulture, $"{name}{stride} start={StartBin}");
    }

    /// <summary>The method of a name as <see cref="ToString"/> gives it; <c>histogram</c>, the reference's word for all but the maximum, is entropy.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static CalibrationMethod Parse(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        CalibrationMethod? method = null;
        double? number = null;
        foreach (string word in name.Split(' '))
        {
            method = word switch
            {
                "max" when method is null => Max,
                "entropy" or "histogram" when method is null => Entropy,
                "mse" when method is null => Mse,
                "sqnr" when method is null => Sqnr,
                "percentile" when method is null => Percentile(),
                "average" when method is null => MovingAverageMax(),
                _ when method is null => throw Unknown(),
                _ when word.StartsWith("stride=", StringComparison.Ordinal) => method with { Stride = Whole(word[7..]) },
                _ when word.StartsWith("start=", StringComparison.Ordinal) => method with { StartBin = Whole(word[6..]) },
                _ when number is null && method.Kind == CalibrationMethodKind.Percentile => Percentile((number = Number(word)).Value),
                _ when number is null && method.Kind == CalibrationMethodKind.MovingAverageMax => MovingAverageMax((number = Number(word)).Value),
                _ => throw Unknown(),
            };
        }

        return method ?? throw Unknown();

        int Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : throw Unknown();

        double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Unknown();

        ArgumentException Unknown()
            => new($"There is no calibration method '{name}'; there are max, entropy, mse, percentile, sqnr and average.", nameof(name));
    }
}
