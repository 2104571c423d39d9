namespace QuantGen.Generators.Mappings;

/// <summary>What an operation does to the sign of what it is given; a greater one promises more.</summary>
internal enum SignEffect
{
    /// <summary>The result may be negative.</summary>
    Loses,

    /// <summary>The result is not negative where the input is not.</summary>
    Preserves,

    /// <summary>The result is never negative.</summary>
    Establishes,
}
