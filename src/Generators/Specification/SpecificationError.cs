namespace QuantGen.Specification;

/// <summary>What is wrong with one token: where it stands in the string, and a sentence for the user.</summary>
internal readonly record struct SpecificationError(int Start, int Length, string Message);
