namespace QuantGen;

/// <summary>What calibration found for one quantizer.</summary>
/// <param name="Name">The quantizer's name in the model, such as <c>layer1.conv1._input_quantizer</c>.</param>
/// <param name="Amax">The largest amax; one quantizer has one for each channel where it has an axis.</param>
/// <param name="Unsigned">Whether its range is unsigned.</param>
public sealed record QuantizerCalibration(string Name, float Amax, bool Unsigned);
