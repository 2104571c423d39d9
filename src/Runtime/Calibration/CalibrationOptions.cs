namespace QuantGen;

/// <summary>What calibration collects and applies. A <see cref="CalibrationMethod"/> by itself will do where these are wanted.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The method to apply; null for the one of each quantizer's descriptor.</summary>
    public CalibrationMethod? Method { get; init; }

    /// <summary>Further methods whose amax the report shows, from the same collection.</summary>
    public IReadOnlyList<CalibrationMethod> Compare { get; init; } = [];

    /// <summary>The number of bins of each histogram, even.</summary>
    public int Bins { get; init; } = Histogram.DefaultBins;

    /// <summary>Options with nothing but a method.</summary>
    /// <param name="method">The method to apply.</param>
    public static implicit operator CalibrationOptions?(CalibrationMethod? method) => FromCalibrationMethod(method);

    /// <summary>Options with nothing but a method.</summary>
    /// <param name="method">The method to apply.</param>
    public static CalibrationOptions? FromCalibrationMethod(CalibrationMethod? method) => method is null ? null : new() { Method = method };
}
