namespace QuantGen;

/// <summary>What calibration found for one quantizer.</summary>
public sealed record QuantizerCalibration
{
    /// <summary>The quantizer's name in the model, such as <c>layer1.conv1._input_quantizer</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The method that was applied, and what it gave.</summary>
    public required MethodOutcome Applied { get; init; }

    /// <summary>Whether its range is unsigned.</summary>
    public bool Unsigned { get; init; }

    /// <summary>The largest amax, without the descriptor's factor; one quantizer has one for each channel where it has an axis.</summary>
    public float Amax => Applied.Amax;

    /// <summary>The lower end where its range is affine, without the descriptor's factor; null where it is symmetric.</summary>
    public float? Amin => Applied.Amin;

    /// <summary>What the methods to compare give; methods that need a histogram are left out for ranges for each channel.</summary>
    public IReadOnlyList<MethodOutcome> Compared { get; init; } = [];

    /// <summary>The number of batches that reached the quantizer.</summary>
    public int Batches { get; init; }

    /// <summary>What is suspicious about its statistics.</summary>
    public IReadOnlyList<CalibrationWarning> Warnings { get; init; } = [];
}
