using static TorchSharp.torch;

namespace QuantGen.Tests.Checkpoints;

/// <summary>The checkpoints in <c>tests/checkpoints</c>, and files that a test writes.</summary>
public abstract class CheckpointFixture : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly string _folder = Directory.CreateTempSubdirectory("quantgen-").FullName;

    /// <summary>A checked-in file.</summary>
    internal static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "checkpoints", name);

    /// <summary>A file of this test.</summary>
    protected string Temporary(string name) => Path.Combine(_folder, name);

    /// <summary>A file of this test with this content.</summary>
    protected string Temporary(string name, ReadOnlySpan<byte> content)
    {
        string path = Temporary(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>The values of a tensor of any type.</summary>
    internal static double[] Values(Tensor tensor) => [.. tensor.to(ScalarType.Float64).contiguous().data<double>()];

    public void Dispose()
    {
        _scope.Dispose();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
