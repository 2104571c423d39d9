using System.Globalization;

namespace QuantGen;

/// <summary>What calibration found.</summary>
/// <param name="Method">The method; null where each quantizer used its descriptor's own.</param>
/// <param name="Batches">The number of batches seen.</param>
/// <param name="Quantizers">The quantizers that have a range now.</param>
/// <param name="NeverReached">The names of quantizers that no batch reached; they have no range and the model cannot be exported.</param>
public sealed record CalibrationReport(
    CalibrationMethod? Method, int Batches, IReadOnlyList<QuantizerCalibration> Quantizers, IReadOnlyList<string> NeverReached)
{
    /// <summary>All warnings with the names of their quantizers.</summary>
    public IEnumerable<(string Name, CalibrationWarning Warning)> Warnings =>
    [
        .. NeverReached.Select(name => (name, CalibrationWarning.NeverReached)),
        .. Quantizers.SelectMany(quantizer => quantizer.Warnings.Select(warning => (quantizer.Name, warning))),
    ];

    /// <summary>A line for each quantizer: its name, amax, the share of values that it clips, and what is suspicious.</summary>
    public override string ToString()
    {
        IEnumerable<string> lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"{Method?.ToString() ?? "each its own method"}, {Batches} batches"),
            .. Quantizers.Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name}: amax {row.Amax:G6}{(row.Unsigned ? " unsigned" : "")}, clips {row.Applied.Clipped:P3}{string.Concat(row.Warnings.Select(warning => $", {warning}"))}")),
            .. NeverReached.Select(name => $"{name}: {CalibrationWarning.NeverReached}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
