namespace QuantGen.Tests;

/// <summary>Tests that count all tensors of the process, and so run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class SoloCollection
{
    public const string Name = "Solo";
}
