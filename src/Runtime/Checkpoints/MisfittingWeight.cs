namespace QuantGen;

/// <summary>A tensor of a file that does not go into its place in the model.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Problem">Why, as a phrase: another shape, or a type of another kind.</param>
public sealed record MisfittingWeight(string Name, string Problem);
