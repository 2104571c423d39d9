using QuantGen.Tests.Verification;
using Xunit.Abstractions;

namespace QuantGen.Tests.Architecture;

/// <summary>The folders of a project are layers: each refers to those below it only. The matrix of references is in the test's output.</summary>
public sealed class FolderGraphTests(ITestOutputHelper output)
{
    /// <summary>From the bottom up.</summary>
    private static readonly string[] s_generator =
    [
        "Specification", "Models", "Mappings", "Diagnostics", "Parsing", "DataFlow", "Editing", "Rewriting", "Tracing", "Emitting", "Pipeline/Outlines", "Pipeline", "",
    ];

    private static readonly string[] s_runtime =
    [
        "Attributes", "Native", "Numerics/Formats", "Numerics/Kernels", "Numerics",
        "Statistics/Histograms", "Statistics/Searches", "Statistics/Methods", "Statistics", "Statistics/Shards",
        "Quantizers", "Quantizers/State", "Calibration", "Modules", "Modules/Activations", "Training",
        "Checkpoints/Files", "Checkpoints/Dat", "Checkpoints/Safetensors", "Checkpoints/Pickle", "Checkpoints/PyTorch", "Checkpoints",
        "Onnx/Proto", "Onnx/Reading", "Onnx/Graph", "Onnx/Writing", "Onnx/Kernels", "Onnx/Passes", "Onnx/Targets", "Onnx/Tracing", "Onnx/Tracing/Operations", "Onnx/Tracing/Converters", "Onnx", "Models",
    ];

    [Fact]
    public void Each_folder_of_the_generator_refers_to_layers_below_it_only()
    {
        IReadOnlyList<string> back = new FolderGraph("src/Generators", s_generator).BackEdges(out string matrix);

        output.WriteLine(matrix);
        Assert.Empty(back);
    }

    [Fact]
    public void Each_folder_of_the_runtime_refers_to_layers_below_it_only()
    {
        // What protoc made of the messages is part of the project too.
        string messages = Directory.GetFiles(ExpectedFile.RepositoryPath("src/Runtime/obj"), "Onnx.cs", SearchOption.AllDirectories).Order().Last();
        FolderGraph graph = new("src/Runtime", s_runtime)
        {
            Generated = new Dictionary<string, string> { [messages] = "Onnx/Proto" },

            // The regular expression of a partial property is written by its own generator.
            ExpectedErrors = ["CS8795", "CS9248"],
        };

        IReadOnlyList<string> back = graph.BackEdges(out string matrix);

        output.WriteLine(matrix);
        Assert.Empty(back);
    }
}
