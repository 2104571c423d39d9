using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

public sealed class TracedModuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedModuleTests() => manual_seed(13);

    public void Dispose() => _scope.Dispose();

    // Each over [N, 4, 6, 8].
    private static readonly Dictionary<string, Func<Module<Tensor, Tensor>>> s_modules = new()
    {
        ["Conv2d"] = () => Conv2d(4, 6, 3, stride: 2, padding: 1, dilation: 1, groups: 2),
        ["Conv2d, same padding"] = () => Conv2d(4, 6, 4, padding: Padding.Same),
        ["Conv2d, reflected"] = () => Conv2d(4, 6, 3, padding: 1, padding_mode: PaddingModes.Reflect),
        ["Conv2d, replicated"] = () => Conv2d(4, 6, (3, 5), padding: (1, 2), padding_mode: PaddingModes.Replicate, bias: false),
        ["Linear"] = () => Linear(8, 5),
        ["Linear of a matrix"] = () => Sequential(Flatten(), Linear(192, 5, hasBias: false), BatchNorm1d(5)),
        ["BatchNorm2d"] = () => BatchNorm2d(4),
        ["BatchNorm2d, not affine"] = () => BatchNorm2d(4, affine: false),
        ["BatchNorm2d behind a convolution"] = () => Sequential(Conv2d(4, 6, 3), BatchNorm2d(6)),
        ["ReLU"] = () => ReLU(),
        ["ReLU in place"] = () => Sequential(Conv2d(4, 4, 1), ReLU(inplace: true)),
        ["ReLU6"] = () => ReLU6(),
        ["LeakyReLU"] = () => LeakyReLU(0.3),
        ["ELU"] = () => ELU(0.7),
        ["Sigmoid"] = () => Sigmoid(),
        ["Tanh"] = () => Tanh(),
        ["SiLU"] = () => SiLU(),
        ["Hardswish"] = () => Hardswish(),
        ["Hardsigmoid"] = () => Hardsigmoid(),
        ["GELU"] = () => GELU(),
        ["GELU, approximate"] = () => GELU(TorchSharp.Modules.GELU.Approximate.tanh),
        ["Softmax"] = () => Softmax(1),
        ["LayerNorm([6L, 8L])"] = () => LayerNorm([6L, 8L]),
        ["LayerNorm(8, elementwise_affine: false)"] = () => LayerNorm(8, elementwise_affine: false),
        ["GroupNorm(2, 4)"] = () => GroupNorm(2, 4),
        ["GroupNorm(4, 4, affine: false)"] = () => GroupNorm(4, 4, affine: false),
        ["InstanceNorm2d(4)"] = () => InstanceNorm2d(4),
        ["InstanceNorm2d(4, affine: true)"] = () => InstanceNorm2d(4, affine: true),
        ["InstanceNorm2d(4, affine: true, track_running_stats: true)"] = () => InstanceNorm2d(4, affine: true, track_running_stats: true),
        ["LocalResponseNorm(3, 0.5)"] = () => LocalResponseNorm(3, 0.5),
        ["new QuantInstanceNorm2d(4, affine: true)"] = () => new QuantInstanceNorm2d(4, affine: true),
        ["new QuantInstanceNorm2d(4, track_running_stats: true)"] = () => new QuantInstanceNorm2d(4, track_running_stats: true),
        ["LogSoftmax(1)"] = () => LogSoftmax(1),
        ["Softmin(-1)"] = () => Softmin(-1),
        ["Softmax2d()"] = () => Softmax2d(),
        ["Softplus(2, 3)"] = () => Softplus(2, 3),
        ["SELU()"] = () => SELU(),
        ["CELU(0.5)"] = () => CELU(0.5),
        ["Mish()"] = () => Mish(),
        ["Softsign()"] = () => Softsign(),
        ["Threshold(0.1, 2)"] = () => Threshold(0.1, 2),
        ["PReLU(4)"] = () => PReLU(4),
        ["PReLU(1)"] = () => PReLU(1),
        ["RReLU()"] = () => RReLU(),
        ["GLU(1)"] = () => GLU(1),
        ["Tanhshrink()"] = () => Tanhshrink(),
        ["Softshrink(0.2)"] = () => Softshrink(0.2),
        ["Hardshrink(0.2)"] = () => Hardshrink(0.2),
        ["LogSigmoid()"] = () => LogSigmoid(),
        ["SELU, in place"] = () => Sequential(Conv2d(4, 4, 1), SELU(inplace: true)),
        ["Hardtanh, in place"] = () => Sequential(Conv2d(4, 4, 1), Hardtanh(inplace: true)),
        ["MaxPool2d"] = () => MaxPool2d(3, stride: 2, padding: 1),
        ["MaxPool2d, dilated"] = () => MaxPool2d((2, 3), dilation: (2, 1), stride: (1, 1)),
        ["AvgPool2d"] = () => AvgPool2d((2, 3), padding: (1, 1)),
        ["AdaptiveAvgPool2d"] = () => AdaptiveAvgPool2d((1, 1)),
        ["Upsample(scale_factor: [2, 2])"] = () => Upsample(scale_factor: [2, 2]),
        ["Upsample([9L, 9L], mode: UpsampleMode.Bilinear, align_corners: true)"] = () => Upsample([9L, 9L], mode: UpsampleMode.Bilinear, align_corners: true),
        ["PixelShuffle(2)"] = () => PixelShuffle(2),
        ["PixelUnshuffle(2)"] = () => PixelUnshuffle(2),
        ["ChannelShuffle(2)"] = () => ChannelShuffle(2),
        ["ZeroPad2d(1)"] = () => ZeroPad2d(1),
        ["ConstantPad2d(2, 0.5)"] = () => ConstantPad2d(2, 0.5),
        ["ReflectionPad2d(1)"] = () => ReflectionPad2d(1),
        ["ReplicationPad2d((1L, 2L, 0L, 1L))"] = () => ReplicationPad2d((1L, 2L, 0L, 1L)),
        ["Unflatten(1, [2L, 2L])"] = () => Unflatten(1, [2L, 2L]),
        ["AdaptiveMaxPool2d([3L, 2L])"] = () => AdaptiveMaxPool2d([3L, 2L]),
        ["AlphaDropout()"] = () => AlphaDropout(),
        ["Flatten"] = () => Flatten(),
        ["Dropout"] = () => Dropout(),
        ["Identity"] = () => Identity(),
        ["nested Sequential"] = () => Sequential(("a", Sequential(("b", ReLU()), ("c", Conv2d(4, 4, 1)))), ("d", Sigmoid())),
        ["QuantConv2d"] = () => new QuantConv2d(4, 6, 4, padding: Padding.Same),
        ["QuantConv2d, reflected"] = () => new QuantConv2d(4, 6, 3, padding: 1, padding_mode: PaddingModes.Reflect),
        ["QuantLinear"] = () => new QuantLinear(8, 5),
        ["QuantAdaptiveAvgPool2d"] = () => new QuantAdaptiveAvgPool2d((3, 4)),
        ["TensorQuantizer"] = () => new TensorQuantizer(),
    };

    public static TheoryData<string> Modules => [.. s_modules.Keys];

    public static TheoryData<string, OnnxTarget> QuantizedModules
    {
        get
        {
            TheoryData<string, OnnxTarget> data = [];
            foreach (string name in s_modules.Keys.Where(name => name.Contains("Quant", StringComparison.Ordinal)))
            {
                data.Add(name, OnnxTarget.TensorRT);
                data.Add(name, OnnxTarget.OnnxRuntime);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Modules))]
    public void A_module_computes_the_same_in_onnx_runtime_for_any_batch_size(string name)
    {
        TracedFunction model = Model(name);
        using ExportedModel exported = ExportedModel.Of(model, randn(2, 4, 6, 8), OnnxTarget.Float);
        foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = false;
        }

        Tensor input = randn(5, 4, 6, 8);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
    }

    [Theory]
    [MemberData(nameof(QuantizedModules))]
    public void A_quantized_module_computes_the_same_in_onnx_runtime(string name, OnnxTarget target)
    {
        TracedFunction model = Model(name);
        Tensor input = randn(5, 4, 6, 8);
        Calibration.Run(model, [input], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, input[TensorIndex.Slice(0, 2)], target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 0.01f);
        Assert.Equal(name.Contains("Conv", StringComparison.Ordinal) || name.Contains("Linear", StringComparison.Ordinal) ? 1 : 0, exported.Report.QuantizedLayers.Count);
    }

    [Fact]
    public void A_class_derived_from_a_known_module_is_not_taken_for_it()
    {
        TracedFunction model = TracedFunction.Of(new Doubling());

        NotSupportedException error = Assert.Throws<NotSupportedException>(() => ExportedModel.Of(model, randn(2, 4), OnnxTarget.Float));

        Assert.StartsWith($"Module 'layer0' of type {typeof(Doubling).FullName} has no ONNX translation.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nodes_and_weights_are_named_after_the_modules()
    {
        using ExportedModel exported = ExportedModel.Of(TracedFunction.Of(Sequential(("first", Conv2d(4, 4, 1)), ("second", ReLU()))), randn(2, 4, 6, 8), OnnxTarget.Float);

        Assert.Equal(["layer0.first/Conv", "layer0.second/Relu"], exported.Written.Graph.Node.Select(node => node.Name));
        Assert.Equal(["layer0.first/Conv", "output"], exported.Written.Graph.Node.Select(node => node.Output.Single()));
        Assert.Equal(["layer0.first.weight", "layer0.first.bias"], exported.Written.Graph.Initializer.Select(tensor => tensor.Name));
        Assert.Equal("batch", exported.Written.Graph.Input.Single().Type.TensorType.Shape.Dim[0].DimParam);
        Assert.Equal("batch", exported.Written.Graph.Output.Single().Type.TensorType.Shape.Dim[0].DimParam);
    }

    private static TracedFunction Model(string name)
    {
        TracedFunction model = TracedFunction.Of(s_modules[name]());
        Comparison.Randomize(model);
        return model;
    }

    private sealed class Doubling() : TorchSharp.Modules.Sequential(("0", ReLU()))
    {
        public override Tensor forward(Tensor tensor) => base.forward(tensor) * 2;
    }
}
