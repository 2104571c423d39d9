using System.Text.Json;
using ModelZoo;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx;
using static TorchSharp.torch;

namespace QuantGen.Tests;

/// <summary>Models that Python trained or calibrated, from their files to ONNX Runtime.</summary>
public sealed class PyTorchCheckpointTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_ResNet_of_PyTorch_gives_its_logits_here_and_runs_in_integers_after_quantization()
    {
        using Checkpoint expected = Checkpoint.Open(Fixture("resnet18_expected.safetensors"));
        Tensor images = expected.Read("images");
        float[] logits = [.. expected.Read("logits").data<float>()];
        using ResNet net = ResNet.ResNet18(10);
        using QuantResNetUnsigned quant = QuantResNetUnsigned.ResNet18(10);

        WeightReport report = net.LoadWeights(Fixture("resnet18.pth"));
        quant.LoadWeights(Fixture("resnet18.pth"));

        Assert.True(report.IsComplete);
        Assert.Equal("model", report.Container);
        Assert.Contains(new("module.layer2.0.downsample.0.weight", "layer2.0.downsample.conv.weight"), report.Renamed);
        AssertClose(logits, Comparison.Evaluate(net, images), 1e-5f);
        SetEnabled(quant, false);
        AssertClose(logits, Comparison.Evaluate(quant, images), 1e-5f);

        SetEnabled(quant, true);
        quant.eval();
        Calibration.Run(quant, [images], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(quant, images, OnnxTarget.OnnxRuntime);
        float[] actual = exported.Run(images);
        Assert.Equal(Comparison.Predictions(logits, 10), Comparison.Predictions(actual, 10));
        Assert.InRange(Comparison.RelativeDifference(logits, actual), 0, 0.1f);
        Assert.Equal(20, ExportedModel.Count(exported.Optimized, "QLinearConv"));
        Assert.Equal(0, ExportedModel.Count(exported.Optimized, "Conv"));
    }

    [Theory]
    [InlineData("nvidia_resnet.pth")]
    [InlineData("nvidia_resnet.safetensors")]
    public void A_model_that_was_calibrated_by_pytorch_quantization_gives_its_logits_and_goes_back(string name)
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "e2e_resnet.json")));
        JsonElement golden = file.RootElement.GetProperty("cases")[0];
        JsonElement entropy = golden.GetProperty("methods").EnumerateArray().Single(method => method.GetProperty("name").GetString() == "entropy");
        Tensor input = tensor(Numbers(golden.GetProperty("test_input"))).reshape(2, 3, 16, 16);
        float[] logits = Numbers(entropy.GetProperty("logits"));
        string back = Path.Combine(_folder.Path, name);
        using QuantGoldenResNet quant = new(8, 12, 5), again = new(8, 12, 5);

        StateLoading loading = quant.LoadState(Fixture(name));
        quant.SaveWeights(back, SavedRanges.Reference);
        again.LoadState(back);

        Assert.Empty(loading.WithoutRange);
        Assert.Empty(loading.Weights!.Renamed);
        AssertClose(logits, Comparison.Evaluate(quant, input), 1e-4f);
        Assert.Equal(Comparison.Evaluate(quant, input), Comparison.Evaluate(again, input));
        using Checkpoint theirs = Checkpoint.Open(Fixture(name)), ours = Checkpoint.Open(back);
        Assert.Equal(theirs.Tensors.Select(tensor => tensor.Name).Order(), ours.Tensors.Select(tensor => tensor.Name).Order());
        Assert.All(theirs.Tensors, tensor => Assert.True(theirs.Read(tensor.Name).equal(ours.Read(tensor.Name)).all().item<bool>(), tensor.Name));
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "checkpoints", name);

    private static float[] Numbers(JsonElement tensor) => [.. tensor.GetProperty("data").EnumerateArray().Select(number => number.GetSingle())];

    private static void SetEnabled(nn.Module model, bool isEnabled)
    {
        foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = isEnabled;
        }
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
        => Assert.InRange(expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max(), 0, tolerance);
}
