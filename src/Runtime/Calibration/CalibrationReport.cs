using System.Globalization;

namespace QuantGen;

/// <summary>What calibration found.</summary>
public sealed record CalibrationReport
{
    /// <summary>The method; null where each quantizer used its descriptor's own.</summary>
    public CalibrationMethod? Method { get; init; }

    /// <summary>The number of batches seen; 0 where ranges come from weights alone.</summary>
    public int Batches { get; init; }

    /// <summary>The quantizers that were given a range.</summary>
    public IReadOnlyList<QuantizerCalibration> Quantizers { get; init; } = [];

    /// <summary>The names of weight quantizers that keep the range which <see cref="Calibration.CalibrateWeights"/> had found.</summary>
    public IReadOnlyList<string> KeptWeights { get; init; } = [];

    /// <summary>The quantizers that no batch reached, grouped by the reason. They have no range; an export that reaches one of them stops.</summary>
    public IReadOnlyList<UnreachedGroup> Unreached { get; init; } = [];

    /// <summary>The names of all quantizers that no batch reached.</summary>
    public IReadOnlyList<string> NeverReached => [.. Unreached.SelectMany(group => group.Quantizers)];

    /// <summary>All warnings with the names of their quantizers.</summary>
    public IEnumerable<(string Name, CalibrationWarning Warning)> Warnings =>
    [
        .. NeverReached.Select(name => (name, CalibrationWarning.NeverReached)),
        .. Quantizers.SelectMany(quantizer => quantizer.Warnings.Select(warning => (quantizer.Name, warning))),
    ];

    /// <summary>
    /// A line for each quantizer: its name, amax, the share of values that it clips, and what is suspicious; then what was not reached, and why.
    /// </summary>
    public override string ToString()
    {
        IEnumerable<string> lines =
        [
            $"{Method?.ToString() ?? "each its own method"}, {(Batches == 0 ? "from the weights" : $"{Batches} batches")}",
            .. Quantizers.Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name}: {(row.Amin is { } amin ? string.Create(CultureInfo.InvariantCulture, $"range {amin:G6} to") : "amax")} {row.Amax:G6}{(row.Unsigned ? " unsigned" : "")}, clips {row.Applied.Clipped:P3}{string.Concat(row.Warnings.Select(warning => $", {warning}"))}")),
            .. KeptWeights.Select(name => $"{name}: keeps the range found from the weight"),
            .. Unreached.Select(
                group => $"{CalibrationWarning.NeverReached}: {group.Reason} {group.Quantizers.Count} quantizers: {string.Join(", ", group.Quantizers)}"),
        ];
        return string.Join(Environment.NewLine, lines);
    }
}
