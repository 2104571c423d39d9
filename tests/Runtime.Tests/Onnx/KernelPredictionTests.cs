using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>What a report says of operators: opening an export compares it with what ONNX Runtime made of the file, and these compare the reasons.</summary>
public sealed class KernelPredictionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public KernelPredictionTests() => manual_seed(41);

    public void Dispose() => _scope.Dispose();

    private static QuantDescriptor Detecting => new() { DetectUnsigned = true };

    private static Module<Tensor, Tensor> Conv => new QuantConv2d(4, 4, 3, padding: 1, input: Detecting);

    private static Module<Tensor, Tensor> Quantizer => new TensorQuantizer(Detecting);

    // Modules one behind the other over [N, 4, 8, 8], and for each operator with a rule: integer, or the beginning of why not.
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>[]> Modules, string[] Expected)> s_chains = new()
    {
        ["ReLU"] = (() => [Conv, ReLU(), Conv, Quantizer], ["integer", "integer"]),
        ["ReLU6"] = (() => [Conv, ReLU6(), Conv, ReLU6(), Quantizer], ["integer", "integer"]),
        ["a clip that quantization does not imply"] = (() => [Conv, Hardsigmoid(), Conv, Quantizer], ["the output goes to HardSigmoid without a quantizer", "integer"]),
        ["max pool behind a ReLU"] = (() => [Conv, ReLU(), MaxPool2d(2), Conv, Quantizer], ["integer", "integer"]),
        ["max pool before a ReLU"] = (() => [Conv, MaxPool2d(2), ReLU(), Conv, Quantizer], ["the output goes to Relu without a quantizer", "integer"]),
        ["ReLU behind a flatten"] = (() => [Conv, Flatten(), ReLU(), new QuantLinear(256, 3, input: Detecting)], ["integer", "integer"]),
        ["pixel shuffle between convolutions"] = (() => [Conv, PixelShuffle(2), new QuantConv2d(1, 4, 3, input: Detecting), Quantizer], ["integer", "integer"]),
        ["nearest neighbours between convolutions"] = (() => [Conv, Upsample(scale_factor: [2, 2]), Conv, Quantizer], ["integer", "integer"]),
        ["bilinear interpolation between convolutions"] = (
            () => [Conv, Upsample(scale_factor: [2, 2], mode: UpsampleMode.Bilinear), Conv, Quantizer], ["the output goes to Resize without a quantizer", "integer"]),
        ["average pool"] = (() => [Conv, Quantizer, AvgPool2d(2), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["LeakyReLU"] = (() => [Conv, LeakyReLU(0.1), Conv, Quantizer], ["the output goes to LeakyRelu without a quantizer", "an input is not quantized", "integer"]),
        ["LeakyReLU of integers"] = (() => [Conv, Quantizer, LeakyReLU(0.1), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["Sigmoid of integers"] = (() => [Conv, Quantizer, Sigmoid(), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["Softmax of integers"] = (() => [Conv, Quantizer, Softmax(1), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["SiLU"] = (
            () => [Conv, SiLU(), Conv, Quantizer],
            ["the output goes to Sigmoid and Mul without a quantizer", "an input is not quantized", "an input is not quantized", "integer"]),
        ["Hardswish"] = (() => [Conv, Hardswish(), Conv, Quantizer], ["the output goes to HardSwish without a quantizer", "integer"]),
        ["transposed convolution"] = (
            () => [Conv, new QuantConvTranspose2d(4, 4, 2, stride: 2, input: Detecting), Conv, Quantizer],
            ["integer", "ONNX Runtime has no integer kernel for ConvTranspose", "integer"]),
        ["a weight that is not quantized"] = (() => [new QuantConv2d(4, 4, 3, input: Detecting, weight: Off), ReLU(), Conv, Quantizer], ["integer", "integer"]),
        ["an input that is not quantized"] = (() => [new QuantConv2d(4, 4, 3, input: Off), ReLU(), Conv, Quantizer], ["an input is not quantized", "integer"]),
        ["a convolution at the end"] = (() => [Conv, ReLU(), Conv], ["integer", "its output is the model's output"]),
        ["a linear layer at the end"] = (() => [Conv, ReLU(), Flatten(), new QuantLinear(256, 3, input: Detecting)], ["integer", "integer"]),
        ["a linear layer and a ReLU at the end"] = (() => [Conv, ReLU(), Flatten(), new QuantLinear(256, 3, input: Detecting), ReLU()], ["integer", "integer"]),
        ["a linear layer with its ReLU before a float operation"] = (
            () => [Conv, ReLU(), Flatten(), new QuantLinear(256, 3, input: Detecting), ReLU(), Tanh()], ["integer", "what its ReLU gives is not quantized once"]),
        ["a linear layer before a float operation"] = (
            () => [Conv, ReLU(), Flatten(), new QuantLinear(256, 3, input: Detecting), Tanh()], ["integer", "integer"]),
        ["a linear layer without a quantizer for its weight"] = (
            () => [Conv, ReLU(), Flatten(), new QuantLinear(256, 3, input: Detecting, weight: Off)], ["integer", "the weight is not quantized"]),
        ["linear layers over three dimensions"] = (
            () => [Flatten(2), new QuantLinear(64, 8, input: Detecting), ReLU(), new QuantLinear(8, 8, input: Detecting, hasBias: false), Quantizer],
            ["integer", "an input is not quantized", "integer"]),
        ["layers that are not quantized"] = (
            () => [Conv2d(4, 4, 3), ReLU(), Conv2d(4, 4, 3), Quantizer], ["an input is not quantized", "an input is not quantized"]),
    };

    private static QuantDescriptor Off => new() { FakeQuant = true, Amax = 1f };

    public static TheoryData<string> Chains => [.. s_chains.Keys];

    [Theory]
    [MemberData(nameof(Chains))]
    public void A_chain_of_modules_becomes_what_the_report_says(string name)
    {
        (Func<Module<Tensor, Tensor>[]> modules, string[] expected) = s_chains[name];
        TracedFunction model = TracedFunction.Of(modules());
        foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = quantizer.Descriptor.Amax is null;
        }

        Tensor data = randn(4, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(expected, exported.Report.Kernels.Select(kernel => kernel.FloatReason ?? "integer"));
    }

    [Fact]
    public void Branches_become_what_the_report_says()
    {
        Module<Tensor, Tensor> first = Conv, second = Conv, third = new QuantConv2d(8, 4, 1, input: Detecting);
        TensorQuantizer left = new(Detecting), right = new(Detecting), joined = new(Detecting);
        TracedFunction model = new(
            x =>
            {
                Tensor a = first.call(x).relu(), b = second.call(a).relu();
                Tensor sum = left.call(a) + right.call(b), product = left.call(a) * right.call(b);
                return third.call(joined.call(cat([sum, product], 1))) + 1;
            },
            x =>
            {
                TracedTensor a = first.call(x).relu(), b = second.call(a).relu();
                TracedTensor sum = left.call(a) + right.call(b), product = left.call(a) * right.call(b);
                return third.call(joined.call(TracedOps.cat([sum, product], 1))) + 1;
            },
            ("first", first), ("second", second), ("third", third), ("left", left), ("right", right), ("joined", joined));
        Tensor data = randn(4, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(
            [
                "first: Conv", "second: Conv", ": Add, the output goes to Concat without a quantizer", ": Mul, the output goes to Concat without a quantizer",
                ": Concat, an input is not quantized", "third: Conv, the output goes to Add without a quantizer", ": Add, an input is not quantized",
            ],
            exported.Report.Kernels.Select(kernel => $"{kernel.Layer}: {kernel.Operator}{(kernel.IsInteger ? "" : ", " + kernel.FloatReason)}"));
    }

    // What stands between two convolutions, and whether the first of them is computed in integers.
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_moves = new()
    {
        ["a slice"] = (x => x[.., .., 1..5], x => x[.., .., 1..5]),
        ["a slice with a step"] = (x => x[.., .., TensorIndex.Slice(0, null, 2)], x => x[.., .., TensorIndex.Slice(0, null, 2)]),
        ["a flip"] = (x => x.flip(-1), x => x.flip(-1)),
        ["a gather"] = (x => x.index_select(3, tensor(new long[] { 5, 1, 1, 7 })), x => x.index_select(3, tensor(new long[] { 5, 1, 1, 7 }))),
        ["an expansion"] = (x => x[.., .., ..1].expand(-1, -1, 4, -1), x => x[.., .., ..1].expand(-1, -1, 4, -1)),
        ["a repetition"] = (x => x.repeat(1, 1, 2, 1), x => x.repeat(1, 1, 2, 1)),
    };

    public static TheoryData<string> Moves => [.. s_moves.Keys];

    [Theory]
    [MemberData(nameof(Moves))]
    public void Elements_are_moved_as_integers(string name)
    {
        (Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced) = s_moves[name];
        Module<Tensor, Tensor> first = Conv, second = Conv, last = Quantizer;
        TracedFunction model = new(
            x => last.call(second.call(eager(first.call(x).relu()))),
            x => last.call(second.call(traced(first.call(x).relu()))), ("first", first), ("second", second), ("last", last));
        Tensor data = randn(4, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.All(exported.Report.Kernels, kernel => Assert.True(kernel.IsInteger, $"{kernel.Name}: {kernel.FloatReason}"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.02f);
    }

    [Fact]
    public void Parts_that_are_quantized_alike_come_from_a_layer_in_integers()
    {
        QuantConv2d left = new(2, 4, 3, input: Detecting), right = new(2, 4, 3, input: Detecting);
        Module<Tensor, Tensor> first = Conv, last = Quantizer;
        TracedFunction model = new(
            x => first.call(x).chunk(2, 1) is var parts ? last.call(left.call(parts[0]) + right.call(parts[1])) : x,
            x => first.call(x).chunk(2, 1) is var parts ? last.call(left.call(parts[0]) + right.call(parts[1])) : x,
            ("first", first), ("left", left), ("right", right), ("last", last));
        Tensor data = randn(4, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        right.InputQuantizer.Amax = left.InputQuantizer.Amax!;
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(["first"], exported.Report.Kernels.Where(kernel => kernel.IsInteger).Select(kernel => kernel.Layer));
    }

    [Fact]
    public void Notes_are_grouped_and_name_layers_and_quantizers()
    {
        TracedFunction model = TracedFunction.Of(Conv, Hardswish(), Conv, Hardswish(), Conv);
        Tensor data = randn(4, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(
            [
                "2 Conv run in floating point in ONNX Runtime because the output goes to HardSwish without a quantizer: layer0, layer2.",
                "1 Conv runs in floating point in ONNX Runtime because its output is the model's output: layer4.",
            ],
            exported.Report.Notes);
        Assert.EndsWith(
            $"0 of 3 heavy operators in integers, for OnnxRuntime{Environment.NewLine}{exported.Report.Notes[0]}{Environment.NewLine}{exported.Report.Notes[1]}",
            exported.Report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_onnx_runtime_quantizes_by_itself_are_noted()
    {
        QuantConv2d conv = new(4, 4, 3, padding: 1, input: Detecting, weight: new() { Amax = 1f });
        QuantConvTranspose2d transposed = new(4, 4, 2, stride: 2, input: Detecting, weight: new() { Amax = 1f });
        (conv.WeightQuantizer.IsEnabled, transposed.WeightQuantizer.IsEnabled) = (false, false);
        TracedFunction model = TracedFunction.Of(conv, ReLU(), transposed, Quantizer);
        Tensor data = randn(2, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        // It adds an operator that quantizes the weight of the transposed convolution, and computes with what that gives.
        Assert.Contains(exported.Optimized.Graph.Initializer, tensor => tensor.Name.StartsWith("layer2/ConvTranspose_weight", StringComparison.Ordinal));
        Assert.Equal([true, true], exported.Report.Kernels.Select(kernel => kernel.IsWeightQuantizedAtLoad));
        Assert.Equal(
            "2 layers have weights without a quantizer between quantized tensors; ONNX Runtime quantizes such weights itself, to 8 bits with one range for all channels: "
                + "layer0, layer2.",
            exported.Report.Notes[^1]);
    }

    [Fact]
    public void Long_lists_of_layers_are_cut_short_in_notes_and_complete_in_the_report()
    {
        TracedFunction model = TracedFunction.Of([.. Enumerable.Range(0, 12).SelectMany(_ => new Module<Tensor, Tensor>[] { Conv, Hardswish() })]);
        Tensor data = randn(2, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.EndsWith("layer10, layer12, layer14 and 4 more.", Assert.Single(exported.Report.Notes), StringComparison.Ordinal);
        Assert.Equal(12, exported.Report.Kernels.Count(kernel => !kernel.IsInteger));
    }
}
