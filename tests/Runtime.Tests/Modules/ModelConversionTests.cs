using QuantGen.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Modules;

/// <summary>Models of compiled classes, of which the generator has no source, are quantized in place.</summary>
public sealed class ModelConversionTests
{
    [Fact]
    public void A_compiled_resnet_has_all_its_layers_quantized_and_computes_the_same_without_its_quantizers()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Module<Tensor, Tensor> model = torchvision.models.resnet18(num_classes: 10);
        model.eval();
        Tensor x = randn(2, 3, 64, 64);
        float[] before = model.call(x).data<float>().ToArray();
        string[] names = [.. model.state_dict().Keys];

        ConversionReport report = QuantModules.Convert((TorchSharp.Modules.ResNet)model);

        Assert.Equal(20, report.Quantized.Count(layer => layer.Kind == "QuantConv2d"));
        Assert.Equal(["layer1.0.conv1", "layer1.0.conv2"], report.Quantized.Select(layer => layer.Name).Where(name => name.StartsWith("layer1.0.", StringComparison.Ordinal)));
        Assert.Equal(1, report.Quantized.Count(layer => layer is { Kind: "QuantLinear", Name: "fc" }));
        Assert.Empty(report.Float);
        Assert.Equal(names, model.state_dict().Keys);
        Assert.Equal(report.Quantized.Sum(layer => layer.Kind.Contains("Pool", StringComparison.Ordinal) ? 1 : 2), QuantModules.Quantizers(model).Count);
        Disable(model);
        Assert.Equal(before, model.call(x).data<float>().ToArray());
    }

    [Theory]
    [InlineData("alexnet")]
    [InlineData("vgg11")]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_small")]
    [InlineData("googlenet")]
    public void Every_layer_of_a_compiled_model_is_quantized_or_told_of(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Module<Tensor, Tensor> model = name switch
        {
            "alexnet" => torchvision.models.alexnet(num_classes: 4),
            "vgg11" => torchvision.models.vgg11(num_classes: 4),
            "mobilenet_v2" => torchvision.models.mobilenet_v2(num_classes: 4),
            "mobilenet_v3_small" => torchvision.models.mobilenet_v3_small(),
            _ => torchvision.models.googlenet(num_classes: 4),
        };
        model.eval();
        int layers = model.named_modules().Count(entry => entry.module is Convolution or TorchSharp.Modules.Linear);
        Tensor x = randn(1, 3, 224, 224);
        float[] before = model.call(x).data<float>().ToArray();

        QuantModules.ConvertLayers(model);

        int quantized = model.named_modules().Count(entry => entry.module is QuantConv2d or QuantLinear);
        IReadOnlyList<FloatLayer> stayed = QuantModules.FloatLayers(model);
        Assert.Equal(layers, quantized + stayed.Count);
        Assert.Equal(stayed.Count, model.named_modules().Count(entry => entry.module is Convolution or TorchSharp.Modules.Linear));
        Disable(model);
        Assert.Equal(before, model.call(x).data<float>().ToArray());
    }

    private const string Unknown = "'Mixed' does not know it as its module, so that nothing would calibrate or save its quantizers; register it";

    private sealed class Mixed : Module<Tensor, Tensor>
    {
        private readonly Conv2d narrow = Conv2d(1, 4, 3);
        private readonly Module<Tensor, Tensor> wide = Conv2d(4, 4, 3);
        private readonly Module<Tensor, Tensor>[] unregistered = [Linear(4, 4), ReLU()];
        private readonly List<(string Name, Module<Tensor, Tensor> Layer)> named = [("a", Linear(4, 4))];
        private readonly Dictionary<string, Module<Tensor, Tensor>> byName = new() { ["b"] = Linear(4, 4) };
        private readonly ModuleList<Module<Tensor, Tensor>> list = ModuleList<Module<Tensor, Tensor>>(Linear(4, 4), BatchNorm1d(4));
        private readonly ModuleDict<Module<Tensor, Tensor>> dictionary = ModuleDict(("c", (Module<Tensor, Tensor>)Linear(4, 4)));
        private readonly Module<Tensor, Tensor> shared;
        private readonly GRU gru = GRU(4, 4);
        private readonly Parameter mixing = Parameter(eye(4));

        public Mixed()
            : base("mixed")
        {
            Layer = Linear(4, 4);
            shared = Layer;
            RegisterComponents();
        }

        public Module<Tensor, Tensor> Layer { get; }

        public override Tensor forward(Tensor x)
        {
            x = wide.call(narrow.call(x)).mean([2, 3]);
            x = unregistered.Aggregate(x, (y, layer) => layer.call(y));
            x = byName["b"].call(named[0].Layer.call(x));
            x = dictionary["c"].call(list[1].call(list[0].call(x)));
            x = shared.call(Layer.call(x));
            return gru.call(x.unsqueeze(0)).Item1.squeeze(0).matmul(mixing);
        }
    }

    [Fact]
    public void Layers_are_exchanged_wherever_they_are_held_and_the_report_says_which_could_not_be()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Mixed model = new();
        model.eval();
        Tensor x = randn(2, 1, 8, 8);
        float[] before = model.call(x).data<float>().ToArray();

        ConversionReport report = QuantModules.Convert(model);

        Assert.Equal(
            ["Layer", "dictionary.c", "list.0", "shared", "wide"],
            report.Quantized.Select(layer => layer.Name.Replace("<", "", StringComparison.Ordinal).Replace(">k__BackingField", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                ("Mixed", "its own code computes with its parameters (mixing)"),
                ("byName", Unknown),
                ("gru", "'GRU' has no quantized counterpart"),
                ("named", Unknown),
                ("narrow", "'narrow' of 'Mixed' is a 'Conv2d', which 'QuantConv2d' is not; declare it as Module<Tensor, Tensor>"),
                ("unregistered", Unknown),
            ],
            report.Float.Select(layer => (layer.Name, layer.Reason)).OrderBy(layer => layer.Name, StringComparer.Ordinal));
        Disable(model);
        Assert.Equal(before, model.call(x).data<float>().ToArray());
        Assert.Contains("5 layers quantized, 6 stay in full precision", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_with_hooks_and_one_that_no_field_holds_stay_and_are_told_of()
    {
        using Hooked model = new();
        Assert.Equal(
            ["hooks are registered on it, which its counterpart would not have", "it is registered in 'Hooked', but held by no field or collection of it"],
            QuantModules.Convert(model).Float.Select(layer => layer.Reason));
    }

    private sealed class Hooked : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> hooked = Linear(2, 2);

        public Hooked()
            : base("hooked")
        {
            Module<Tensor, Tensor> captured = Linear(2, 2);
            hooked.register_forward_pre_hook(_ => { });
            RegisterComponents();
            register_module("captured", captured);
        }

        public override Tensor forward(Tensor x) => hooked.call(x);
    }

    [Fact]
    public void A_layer_under_its_abstract_type_gives_its_counterpart_and_a_report()
    {
        using Module<Tensor, Tensor> layer = Linear(2, 2);
        using Module<Tensor, Tensor> converted = QuantModules.Convert(layer, out ConversionReport report);
        Assert.IsType<QuantLinear>(converted);
        Assert.Equal("QuantLinear", Assert.Single(report.Quantized).Kind);
        Assert.Empty(report.Float);
    }

    [Fact]
    public void A_converted_sequential_shares_nothing_with_its_source()
    {
        using var scope = NewDisposeScope();
        Sequential source = Sequential(Conv1d(2, 4, 3), BatchNorm1d(4), PReLU(4), Dropout(0.25), MaxPool1d(2), Sequential(LayerNorm(3), GroupNorm(2, 4), ReLU()));
        source.eval();
        Sequential converted = QuantModules.Convert(source);

        Assert.False(converted.training);
        HashSet<nint> handles = [.. source.state_dict().Values.Select(tensor => tensor.Handle)];
        Assert.All(converted.state_dict(), entry => Assert.DoesNotContain(entry.Value.Handle, handles));
        HashSet<Module> modules = new(source.named_modules().Select(entry => entry.module), ReferenceEqualityComparer.Instance);
        Assert.All(converted.named_modules(), entry => Assert.DoesNotContain(entry.module, modules));
        Assert.Equal(0.25, Assert.IsType<Dropout>(converted.named_children().ElementAt(3).module).p);
        Tensor x = randn(3, 2, 8);
        Disable(converted);
        Assert.Equal(source.call(x).data<float>().ToArray(), converted.call(x).data<float>().ToArray());
    }

    [Fact]
    public void A_norm_that_averages_all_batches_goes_on_to_do_so()
    {
        using InstanceNorm2d norm = InstanceNorm2d(2, track_running_stats: true);
        norm.momentum = null;
        using QuantInstanceNorm2d converted = QuantModules.Convert(norm);
        Assert.Null(converted.momentum);
    }

    [Fact]
    public void The_list_of_axis_0_means_the_output_channels_of_a_transposed_convolution_too()
    {
        using ConvTranspose2d layer = ConvTranspose2d(4, 2, 3);
        using QuantConvTranspose2d converted = QuantModules.Convert(layer, weight: new QuantDescriptor { Axis = [0] });
        Assert.Equal((QuantAxes)1, converted.WeightQuantizer.Axis);
    }

    private static void Disable(Module model)
    {
        foreach ((_, TensorQuantizer quantizer) in QuantModules.Quantizers(model))
        {
            quantizer.IsEnabled = false;
        }
    }
}
