using System.Text.Json;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

public sealed class ResNetGoldenTests(ITestOutputHelper output)
{
    private const double Tolerance = 1e-4;

    [Fact]
    public void A_residual_network_gives_the_references_logits_and_gradients() => new GoldenReport("e2e_resnet", output).Run(Compare);

    private static IEnumerable<string?> Compare(GoldenCase golden)
    {
        Tensor input = golden.Tensor("test_input");
        using (GoldenResNet net = Network(golden))
        {
            yield return Named("dynamic ranges", GoldenTensor.Difference(net.call(input), golden.Tensor("dynamic_logits"), Tolerance));
            foreach ((_, TensorQuantizer quantizer) in Quantizers(net))
            {
                quantizer.IsQuantizing = false;
            }

            yield return Named("floating point", GoldenTensor.Difference(net.call(input), golden.Tensor("float_logits"), Tolerance));
        }

        foreach (GoldenCase method in golden.List("methods"))
        {
            using GoldenResNet net = Network(golden);
            LoadRanges(net, method);
            yield return Named(method.Text("name"), GoldenTensor.Difference(net.call(input), method.Tensor("logits"), Tolerance));
        }

        foreach (string? problem in FineTuning(golden, input))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string?> FineTuning(GoldenCase golden, Tensor input)
    {
        GoldenCase qat = golden.Object("qat");
        using GoldenResNet net = Network(golden);
        LoadRanges(net, golden.List("methods").Single(method => method.Text("name") == qat.Text("method")));
        using var criterion = nn.CrossEntropyLoss();

        Tensor loss = criterion.call(net.call(input), qat.Tensor("labels"));
        loss.backward();

        yield return Named("loss", GoldenTensor.Difference(loss, qat.Tensor("loss"), Tolerance));
        foreach (JsonProperty gradient in qat.Json.GetProperty("grads").EnumerateObject())
        {
            yield return Named(
                $"gradient of {gradient.Name}", GoldenTensor.Difference(net.get_parameter(gradient.Name)!.grad!, GoldenTensor.Read(gradient.Value), Tolerance));
        }

        foreach (JsonProperty norm in qat.Json.GetProperty("grad_norms").EnumerateObject())
        {
            yield return Named(
                $"norm of the gradient of {norm.Name}", GoldenTensor.Difference(net.get_parameter(norm.Name)!.grad!.norm(), GoldenTensor.Read(norm.Value), Tolerance));
        }
    }

    private static GoldenResNet Network(GoldenCase golden)
    {
        GoldenCase dims = golden.Object("dims");
        GoldenResNet net = new(dims.Int("c0", 8), dims.Int("c1", 12), dims.Int("classes", 5));
        net.LoadState(golden.Json.GetProperty("state_dict").EnumerateObject().ToDictionary(entry => entry.Name, entry => GoldenTensor.Read(entry.Value)));
        return net;
    }

    private static void LoadRanges(GoldenResNet net, GoldenCase method)
    {
        foreach ((string name, TensorQuantizer quantizer) in Quantizers(net))
        {
            quantizer.Amax = GoldenTensor.Read(method.Json.GetProperty("amax").GetProperty(name));
        }
    }

    private static IEnumerable<(string Name, TensorQuantizer Quantizer)> Quantizers(GoldenResNet net)
        => net.named_modules().Where(entry => entry.module is TensorQuantizer).Select(entry => (entry.name, (TensorQuantizer)entry.module));

    private static string? Named(string what, string? difference) => difference is null ? null : $"{what}: {difference}";
}
