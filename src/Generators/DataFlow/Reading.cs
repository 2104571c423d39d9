namespace QuantGen.Generators.DataFlow;

/// <summary>One way in which a method was read.</summary>
/// <param name="Given">What was known of its arguments.</param>
/// <param name="Result">What it gives.</param>
/// <param name="After">What is known of its parameters when it ends, of which an <c>out</c> parameter is another result.</param>
/// <param name="Forgets">Whether it may have changed a tensor that others share, so that nothing is proven of signs after it.</param>
internal sealed record Reading(Facts[] Given, Facts Result, Facts[] After, bool Forgets);
