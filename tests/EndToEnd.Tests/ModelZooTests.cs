using ModelZoo;
using QuantGen.Tests.Verification;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests;

/// <summary>Models as TorchSharp's users write them, with their generated siblings.</summary>
public sealed class ModelZooTests
{
    public static TheoryData<string> Names => [.. ZooModel.All.Select(model => model.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Without_its_quantizers_a_sibling_is_the_float_model_bit_for_bit(string name)
    {
        ZooModel zoo = ZooModel.Find(name);
        using var scope = NewDisposeScope();
        (Module net, Module quant) = Pair(zoo);
        foreach (TensorQuantizer quantizer in quant.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = false;
        }

        Tensor[] inputs = zoo.Inputs();
        Tensor[] expected = zoo.Run(net, inputs);
        Tensor[] found = zoo.Run(quant, inputs);

        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First.data<float>().ToArray(), pair.Second.data<float>().ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sibling_has_exactly_these_quantizers(string name)
    {
        using Module quant = ZooModel.Find(name).Quant();

        IEnumerable<string> quantizers = quant.named_modules().Where(entry => entry.module is TensorQuantizer).Select(entry => entry.name);

        ExpectedFile.Match($"Quantizers/{name}.txt", string.Join('\n', quantizers.Order(StringComparer.Ordinal)) + "\n");
    }

    [Fact]
    public void A_sibling_lists_its_quantizers_by_name_in_order()
    {
        using QuantLeNet quant = new();

        (string Name, TensorQuantizer Quantizer)[] quantizers = [.. quant.Quantizers];

        Assert.Equal("conv1._input_quantizer", quantizers[0].Name);
        Assert.Equal(9, quantizers.Length);
        Assert.Same(quant.modules().OfType<TensorQuantizer>().First(), quantizers[0].Quantizer);
    }

    [Theory]
    [InlineData("ResNet18Unsigned")]
    [InlineData("InceptionNet")]
    [InlineData("FunctionalAttentionUnsigned")]
    public void Quantizers_are_declared_unsigned_where_data_flow_proves_it(string name)
    {
        using Module quant = ZooModel.Find(name).Quant();

        IEnumerable<string> quantizers = quant.named_modules().Where(entry => entry.module is TensorQuantizer { Descriptor: { Unsigned: true, DetectUnsigned: false } }).Select(entry => entry.name);

        ExpectedFile.Match($"Unsigned/{name}.txt", string.Join('\n', quantizers.Order(StringComparer.Ordinal)) + "\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_layer_that_can_be_quantized_is(string name)
    {
        ZooModel zoo = ZooModel.Find(name);
        using Module net = zoo.Net(), quant = zoo.Quant();
        string[] kept = ["MaxPool1d", "MaxPool2d", "MaxPool3d"];

        // TensorRT wants no quantizers at activations.
        bool hasActivations = quant.modules().OfType<Modules.QuantActivation>().Any();
        HashSet<string> counterparts =
        [
            .. typeof(Modules.QuantConv2d).Assembly.GetExportedTypes()
                .Where(type => type.Namespace == "QuantGen.Modules" && (hasActivations || !type.IsSubclassOf(typeof(Modules.QuantActivation))))
                .Select(type => type.Name),
        ];

        string[] layers = [.. net.named_modules().Where(entry => counterparts.Contains("Quant" + Kind(entry.module)) && !kept.Contains(Kind(entry.module))).Select(entry => entry.name)];

        Dictionary<string, Module> quantized = quant.named_modules().ToDictionary(entry => entry.name, entry => entry.module);
        Assert.NotEmpty(layers);
        Assert.All(layers, layer => Assert.StartsWith("Quant", Kind(quantized[layer]), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sibling_is_calibrated_trained_saved_and_restored(string name)
    {
        ZooModel zoo = ZooModel.Find(name);
        using TemporaryFolder folder = new();
        using var scope = NewDisposeScope();
        (_, Module quant) = Pair(zoo);
        Tensor[] inputs = zoo.Inputs();
        Calibration.Run(quant, [inputs], batch => zoo.Run(quant, batch));
        Assert.All(
            quant.named_modules().Where(entry => entry.module is TensorQuantizer && !zoo.IsUnreached(entry.name)),
            entry => Assert.True(((TensorQuantizer)entry.module).Amax is not null, entry.name));

        quant.train();
        using optim.Optimizer optimizer = optim.SGD(quant.parameters(), 1e-3);
        zoo.Run(quant, inputs).Aggregate(zeros(1), (sum, output) => sum + output.square().mean()).backward();
        Assert.All(quant.named_parameters(), entry => Assert.True(entry.parameter.grad is not null, entry.name));
        optimizer.step();

        quant.eval();
        string path = Path.Combine(folder.Path, "model.dat");
        quant.save(path);
        using Module restored = zoo.Quant();
        restored.LoadState(path);
        restored.eval();
        Assert.All(
            zoo.Run(quant, inputs).Zip(zoo.Run(restored, inputs)),
            pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    private static (Module Net, Module Quant) Pair(ZooModel zoo)
    {
        random.manual_seed(1);
        (Module net, Module quant) = (zoo.Net(), zoo.Quant());
        quant.LoadWeights(net);
        net.eval();
        quant.eval();
        return (net, quant);
    }

    private static string Kind(Module module) => module.GetType().Name;
}
