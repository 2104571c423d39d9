namespace QuantGen;

/// <summary>How far calibration has come.</summary>
/// <param name="Batches">The number of batches collected so far.</param>
public readonly record struct CalibrationProgress(int Batches);
