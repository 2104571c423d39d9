using QuantGen.Modules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Modules;

/// <summary>Modules that are quantized at run time.</summary>
public sealed class RunTimeConversionTests
{
    public static TheoryData<string> Kinds => [.. s_modules.Keys];

    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> Make, long[] Shape)> s_modules = new()
    {
        ["QuantLinear"] = (() => Linear(4, 3, hasBias: false), [2, 4]),
        ["QuantConv1d"] = (() => Conv1d(4, 6, 3, stride: 2, padding: 1, dilation: 2, groups: 2), [2, 4, 9]),
        ["QuantConv2d"] = (() => Conv2d(4, 6, (3, 2), (2, 1), (1, 0), (1, 2), PaddingModes.Reflect, groups: 2, bias: false), [2, 4, 9, 8]),
        ["QuantConv3d"] = (() => Conv3d(2, 2, (1, 2, 3), Padding.Same), [1, 2, 4, 5, 6]),
        ["QuantConvTranspose1d"] = (() => ConvTranspose1d(4, 2, 3, stride: 2, output_padding: 1), [2, 4, 5]),
        ["QuantConvTranspose2d"] = (() => ConvTranspose2d(4, 2, 3, stride: 2, padding: 1), [2, 4, 5, 5]),
        ["QuantConvTranspose3d"] = (() => ConvTranspose3d(2, 2, 2, stride: 2), [1, 2, 3, 3, 3]),
        ["QuantAvgPool1d"] = (() => AvgPool1d(2), [1, 2, 6]),
        ["QuantAvgPool2d"] = (() => AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false), [1, 2, 6, 6]),
        ["QuantAvgPool3d"] = (() => AvgPool3d(2), [1, 2, 4, 4, 4]),
        ["QuantAdaptiveAvgPool1d"] = (() => AdaptiveAvgPool1d(2), [1, 2, 6]),
        ["QuantAdaptiveAvgPool2d"] = (() => AdaptiveAvgPool2d((2, 3)), [1, 2, 6, 6]),
        ["QuantAdaptiveAvgPool3d"] = (() => AdaptiveAvgPool3d(2), [1, 2, 4, 4, 4]),
        ["QuantInstanceNorm1d"] = (() => InstanceNorm1d(2, affine: true), [2, 2, 6]),
        ["QuantInstanceNorm2d"] = (() => InstanceNorm2d(2, eps: 0.1, track_running_stats: true), [2, 2, 6, 6]),
        ["QuantInstanceNorm3d"] = (() => InstanceNorm3d(2), [2, 2, 3, 3, 3]),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_module_becomes_its_counterpart_and_computes_the_same_without_its_quantizers(string kind)
    {
        using var scope = NewDisposeScope();
        (Func<Module<Tensor, Tensor>> make, long[] shape) = s_modules[kind];
        Module<Tensor, Tensor> module = make();
        module.eval();
        Tensor x = randn(shape);

        Module<Tensor, Tensor> converted = QuantModules.Convert(module);

        Assert.Equal(kind, converted.GetType().Name);
        Assert.False(converted.training);
        Disable(converted);
        Assert.Equal(module.call(x).data<float>().ToArray(), converted.call(x).data<float>().ToArray());
    }

    [Fact]
    public void A_sequential_is_converted_part_by_part_under_the_same_names()
    {
        using Sequential module = Sequential(("conv", Conv2d(1, 2, 3)), ("relu", ReLU()), ("rest", Sequential(MaxPool2d(2), Linear(3, 3))));

        using Sequential converted = QuantModules.Convert(module, QuantDescriptor.PerTensor8Bit, QuantDescriptor.PerChannel8Bit);

        Assert.Equal(
            ["conv._input_quantizer", "conv._weight_quantizer", "rest.1._input_quantizer", "rest.1._weight_quantizer"],
            QuantModules.Quantizers(converted).Select(entry => entry.Name));
        Assert.IsType<MaxPool2d>(converted.named_modules().Single(entry => entry.name == "rest.0").module);
    }

    [Fact]
    public void Weights_of_transposed_convolutions_are_quantized_along_their_own_output_channels()
    {
        using Module<Tensor, Tensor> module = ConvTranspose2d(4, 2, 3);
        using var converted = (QuantConvTranspose2d)QuantModules.Convert(module, weight: QuantDescriptor.PerChannel8Bit);
        Assert.Equal((QuantAxes)1, converted.WeightQuantizer.Axis);
    }

    [Fact]
    public void What_has_no_counterpart_is_returned_itself()
    {
        using Module<Tensor, Tensor> module = GELU();
        Assert.Same(module, QuantModules.Convert(module));
        Assert.Null(QuantModules.Convert((Linear?)null));
        Assert.Null(QuantModules.Convert((Module<Tensor, Tensor>?)null));
    }

    [Fact]
    public void A_layer_of_a_known_type_gives_a_counterpart_of_a_known_type()
    {
        using Conv2d conv = Conv2d(1, 2, 3);
        using QuantConv2d converted = QuantModules.Convert(conv, QuantDescriptor.PerTensor8Bit, new QuantDescriptor { NumBits = 4, Axis = 0 });
        Assert.Equal(4, converted.WeightQuantizer.Descriptor.NumBits);
        Assert.Equal(conv.weight!.data<float>().ToArray(), converted.weight.data<float>().ToArray());
    }

    [Theory]
    [InlineData(1, false, true, false)]
    [InlineData(2, true, true, true)]
    [InlineData(3, false, false, true)]
    public void An_lstm_becomes_its_counterpart_with_what_the_caller_knows_of_it(int layers, bool bidirectional, bool bias, bool batchFirst)
    {
        using var scope = NewDisposeScope();
        LSTM module = LSTM(4, 3, layers, bias, batchFirst, 0.5, bidirectional);
        module.eval();

        QuantLSTM converted = QuantModules.Convert(module, batchFirst, 0.5);

        Assert.False(converted.training);
        Assert.Equal(layers * (bidirectional ? 2 : 1), converted.InputQuantizers.Count);
        Disable(converted);
        Tensor x = randn(5, 2, 4);
        Assert.Equal(module.call(x).Item1.shape, converted.call(x).Item1.shape);
        Assert.All(module.call(x).Item1.data<float>().Zip(converted.call(x).Item1.data<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    [Fact]
    public void An_lstm_cell_becomes_its_counterpart()
    {
        using var scope = NewDisposeScope();
        LSTMCell module = LSTMCell(4, 3, bias: false);
        QuantLSTMCell converted = QuantModules.Convert(module);
        Disable(converted);
        Tensor x = randn(2, 4);
        (Tensor, Tensor) state = (randn(2, 3), randn(2, 3));
        Assert.All(module.call(x, state).Item1.data<float>().Zip(converted.call(x, state).Item1.data<float>()), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
    }

    private static void Disable(Module module)
    {
        foreach ((_, TensorQuantizer quantizer) in QuantModules.Quantizers(module))
        {
            quantizer.IsEnabled = false;
        }
    }
}
