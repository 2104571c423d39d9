namespace QuantGen.Tests;

/// <summary>Tests that seed the random numbers of the process, or count its tensors, and so run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SoloCollection
{
    public const string Name = "Alone";
}
