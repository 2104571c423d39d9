using TorchSharp.Modules;
using TorchSharp.PyBridge;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Checkpoints;

/// <summary>TorchSharp.PyBridge and PyTorch read what is written here, and the other way round.</summary>
public sealed class OtherLibrariesTests : CheckpointFixture
{
    [Fact]
    public void PyBridge_reads_our_files()
    {
        using Sequential written = Model(), fromPth = Model(), fromSafetensors = Model();
        written.SaveWeights(Temporary("net.pth"));
        written.SaveWeights(Temporary("net.safetensors"));

        fromPth.load_py(Temporary("net.pth"));
        fromSafetensors.load_safetensors(Temporary("net.safetensors"));

        AssertEqual(written, fromPth);
        AssertEqual(written, fromSafetensors);
    }

    [Fact]
    public void We_read_PyBridges_files()
    {
        using Sequential written = Model(), fromPth = Model(), fromSafetensors = Model();
        written.save_py(Temporary("net.pth"));
        written.save_safetensors(Temporary("net.safetensors"));

        Assert.True(fromPth.LoadWeights(Temporary("net.pth")).IsComplete);
        Assert.True(fromSafetensors.LoadWeights(Temporary("net.safetensors")).IsComplete);

        AssertEqual(written, fromPth);
        AssertEqual(written, fromSafetensors);
    }

    [PythonTorchFact]
    public void PyTorch_reads_our_files_with_weights_only()
    {
        using Checkpoint kinds = Checkpoint.Open(Fixture("kinds.pth"));
        Checkpoint.Write(Temporary("ours.pth"), kinds.ReadAll());

        string output = PythonTorchFactAttribute.Run(
            $"""
            import torch
            ours = torch.load({Quoted(Temporary("ours.pth"))}, weights_only=True)
            theirs = torch.load({Quoted(Fixture("kinds.pth"))})
            assert list(ours) == list(theirs)
            for name, tensor in theirs.items():
                assert ours[name].dtype == tensor.dtype and ours[name].shape == tensor.shape and torch.equal(ours[name], tensor), name
            print(len(ours), type(ours).__name__)
            """);

        Assert.Equal("19 OrderedDict", output.Trim());
    }

    private static string Quoted(string path) => $"r\"{path}\"";

    private static Sequential Model() => Sequential(("conv", Conv2d(3, 4, 3)), ("bn", BatchNorm2d(4)), ("fc", Linear(4, 300)));

    private static void AssertEqual(Sequential expected, Sequential actual)
        => Assert.All(expected.state_dict(), entry => Assert.Equal(Values(entry.Value), Values(actual.state_dict()[entry.Key])));
}
