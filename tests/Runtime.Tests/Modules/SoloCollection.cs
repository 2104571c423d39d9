namespace QuantGen.Tests.Modules;

/// <summary>Tests that change what is one for the whole process (random numbers, default descriptors), and so run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SoloCollection
{
    public const string Name = "Modules alone";
}
