namespace QuantGen.Tests.Onnx;

/// <summary>Tests that seed the random numbers of the process and count its tensors, and so run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ExportCollection
{
    public const string Name = "ONNX exports";
}
