namespace QuantGen.Statistics.Histograms;

/// <summary>An input with NaN or infinity, also where a value is beyond float32.</summary>
internal sealed class NotFiniteInputException() : ArgumentException("The input holds NaN or infinity.");
