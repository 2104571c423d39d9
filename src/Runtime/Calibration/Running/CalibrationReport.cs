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
}
