namespace QuantGen;

/// <summary>A tensor of a file that was left out on purpose.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Reason">Why, as a phrase.</param>
public sealed record IgnoredWeight(string Name, string Reason)
{
    internal const string NoQuantizer = "the model has no such quantizer";
}
