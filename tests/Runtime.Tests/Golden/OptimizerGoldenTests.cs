using System.Text.Json;
using QuantGen.Modules;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Golden;

public sealed class OptimizerGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Parameters_are_chosen_and_weights_rounded_as_in_the_reference() => new GoldenReport("optim_helper", output).Run(
        Compare,
        golden => golden.Has("error") && golden.Json.GetProperty("patterns_list").EnumerateArray().Any(group => group.ValueKind != JsonValueKind.Array)
            ? "the type system refuses it"
            : golden.Text("kind") == "quant_modules" ? "the generator's table of modules has its own tests" : null);

    private static IEnumerable<string?> Compare(GoldenCase golden)
    {
        using Network network = golden.Has("model") ? new(golden.Object("model").Int("C", 2), golden.Object("model").Int("H", 3)) : new(2, 3);
        return golden.Text("kind") switch
        {
            "match_parameters" => [Match(network, golden)],
            "group_parameters" => Group(network, golden),
            "freeze_parameters" => Freeze(network, golden),
            "quant_weight_inplace" => RoundWeights(network, golden),
            var other => [$"unknown kind {other}"],
        };
    }

    // The reference names a parameter once for every pattern that matches it; here it is named once.
    private static string? Match(Network network, GoldenCase golden)
        => Names(network.MatchParameters(Texts(golden.Json.GetProperty("patterns")))).SequenceEqual(Texts(golden.Json.GetProperty("matched")).Distinct())
            ? null : "other parameters";

    private static List<string?> Group(Network network, GoldenCase golden)
    {
        string[][] patterns = [.. golden.Json.GetProperty("patterns_list").EnumerateArray().Select(Texts)];
        IReadOnlyList<ParameterGroup> Act() => network.GroupParameters(patterns, Numbers(golden, "lrs"), Numbers(golden, "momentums"), Numbers(golden, "weight_decays"));
        if (golden.Has("error"))
        {
            Assert.Throws<ArgumentException>(Act);
            return [];
        }

        IReadOnlyList<ParameterGroup> groups = Act();
        return [.. golden.List("groups").Select((wanted, i) =>
            Names(groups[i].Parameters).SequenceEqual(Texts(wanted.Json.GetProperty("params")).Distinct())
            && groups[i].LearningRate == Number(wanted, "lr") && groups[i].Momentum == Number(wanted, "momentum") && groups[i].WeightDecay == Number(wanted, "weight_decay")
                ? null : $"group {i} is another")];
    }

    private static List<string?> Freeze(Network network, GoldenCase golden)
    {
        network.FreezeParameters(Texts(golden.Json.GetProperty("patterns")));
        return [.. golden.Json.GetProperty("requires_grad").EnumerateObject()
            .Select(entry => network.get_parameter(entry.Name)!.requires_grad == entry.Value.GetBoolean() ? null : $"{entry.Name} is another")];
    }

    private static List<string?> RoundWeights(Network network, GoldenCase golden)
    {
        using (no_grad())
        {
            foreach (JsonProperty entry in golden.Json.GetProperty("before").EnumerateObject())
            {
                network.state_dict()[entry.Name].copy_(GoldenTensor.Read(entry.Value));
            }
        }

        // The one configuration that the file knows: "conv1 weight amax = 0.4 for every channel; conv2 weight quantizer disabled; layer.0 … num_bits = 4".
        if (golden.Has("configuration"))
        {
            network.conv1.WeightQuantizer.Amax = full([network.conv1.weight.shape[0], 1, 1, 1], 0.4f);
            network.conv2.WeightQuantizer.IsEnabled = false;
            ((QuantLinear)network.layer[0]).WeightQuantizer.NumBits = 4;
        }

        network.QuantizeWeightsInPlace();
        return [.. golden.Json.GetProperty("after").EnumerateObject().Select(entry =>
            GoldenTensor.Difference(network.state_dict()[entry.Name], GoldenTensor.Read(entry.Value)) is { } problem ? $"{entry.Name}: {problem}" : null)];
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    private static IEnumerable<string> Names(IEnumerable<(string Name, Parameter Parameter)> parameters) => parameters.Select(entry => entry.Name);

    private static double[]? Numbers(GoldenCase golden, string field)
        => golden.Has(field) ? [.. golden.Json.GetProperty(field).EnumerateArray().Select(item => item.GetDouble())] : null;

    private static double? Number(GoldenCase golden, string field) => golden.Has(field) ? golden.Json.GetProperty(field).GetDouble() : null;

    /// <summary>The network that the file describes.</summary>
    private sealed class Network : Module<Tensor, Tensor>
    {
        public readonly QuantConv2d conv1;
        public readonly BatchNorm2d bn1;
        public readonly QuantConv2d conv2;
        public readonly Sequential layer;
        public readonly Sequential downsample;

        public Network(int c, int h)
            : base(nameof(Network))
        {
            conv1 = new QuantConv2d(1, c, 3);
            bn1 = BatchNorm2d(c);
            conv2 = new QuantConv2d(c, c, 2, bias: false);
            layer = Sequential(new QuantLinear(c, h), ReLU(), Linear(h, 2));
            downsample = Sequential(Conv2d(1, c, 1, bias: false));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => layer.call(conv2.call(bn1.call(conv1.call(input))).mean([2, 3]));
    }
}
