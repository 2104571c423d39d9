using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

public sealed class OnnxRuntimeTargetTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public OnnxRuntimeTargetTests() => manual_seed(7);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void A_residual_network_runs_in_integers_from_its_first_to_its_last_layer()
    {
        using ExportedModel exported = Digits(out _, out _);

        Assert.Equal(
            [
                "QuantizeLinear", "Transpose", "QLinearConv", "QLinearConv", "QLinearConv", "QLinearAdd", "QLinearConv", "QLinearConv", "QLinearConv",
                "QLinearAdd", "QLinearGlobalAveragePool", "Transpose", "Flatten", "QGemm",
            ],
            ExportedModel.Operators(exported.Optimized));
        Assert.Empty(exported.Report.Notes);
    }

    [Fact]
    public void Batch_normalization_is_folded_and_each_tensor_is_quantized_once()
    {
        using ExportedModel exported = Digits(out _, out _);

        Assert.Equal(0, ExportedModel.Count(exported.Written, "BatchNormalization"));
        Assert.Equal(6, ExportedModel.Count(exported.Written, "Conv"));
        Assert.Equal(11, ExportedModel.Count(exported.Written, "QuantizeLinear"));
        Assert.Equal(11, exported.Written.Graph.Node.Where(node => node.OpType == "QuantizeLinear").DistinctBy(node => node.Input[0]).Count());
    }

    [Fact]
    public void Logits_and_predictions_are_those_of_the_model_for_any_batch_size()
    {
        using ExportedModel exported = Digits(out QuantDigitsNet model, out Tensor data);

        float[] expected = Comparison.Evaluate(model, data), actual = exported.Run(data);

        Assert.InRange(Comparison.RelativeDifference(expected, actual), 0, 0.01f);
        Assert.Equal(Comparison.Predictions(expected, 10), Comparison.Predictions(actual, 10));
        Assert.Equal(actual[..10], exported.Run(data[TensorIndex.Slice(0, 1)]));
    }

    [Fact]
    public void One_sample_is_example_enough()
    {
        using ExportedModel two = Digits(out QuantDigitsNet model, out Tensor data);
        using ExportedModel one = ExportedModel.Of(model, data[TensorIndex.Slice(0, 1)], OnnxTarget.OnnxRuntime);

        Assert.Equal(two.Written, one.Written);
        Assert.Equal(two.Run(data), one.Run(data));
    }

    [Fact]
    public void Weights_are_stored_as_integers_and_named_layers_are_reported()
    {
        using ExportedModel exported = Digits(out QuantDigitsNet model, out Tensor data);
        using ExportedModel asFloat = ExportedModel.Of(model, data, OnnxTarget.Float);

        Assert.InRange(exported.Report.Bytes, 1, asFloat.Report.Bytes / 2);
        Assert.Equal(new FileInfo(exported.Report.Path).Length, exported.Report.Bytes);
        Assert.Equal(
            ["stem", "layer1.conv1", "layer1.conv2", "layer2.downsample.0", "layer2.conv1", "layer2.conv2", "classifier"], exported.Report.QuantizedLayers);
    }

    [Fact]
    public void A_quantized_output_differs_by_a_step_at_most_and_seldom()
    {
        QuantConv2d conv = new(3, 8, 3, padding: 1, input: Detecting, weight: QuantDescriptor.PerChannel8Bit);
        TorchSharp.Modules.BatchNorm2d norm = BatchNorm2d(8);
        TensorQuantizer output = new(Detecting);
        TracedFunction model = TracedFunction.Of(conv, norm, ReLU(), output);
        Comparison.Randomize(model);
        Tensor data = rand(16, 3, 12, 12);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        AssertWithinAStep(Comparison.Evaluate(model, data), exported.Run(data), output.Amax!.item<float>() / 255);
        Assert.Equal(1, ExportedModel.Count(exported.Optimized, "QLinearConv"));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_constant_that_goes_through_a_quantizer_is_stored_as_integers(int dimensions)
    {
        TensorQuantizer input = new(Detecting), weight = new(QuantDescriptor.PerChannel8Bit);
        Tensor constant = randn(5, 4);
        TracedFunction model = new(
            x => functional.linear(input.call(x), weight.call(constant)),
            x => TracedOps.linear(input.call(x), weight.call((TracedTensor)constant)),
            ("input", input), ("weight", weight));
        Tensor data = rand(dimensions == 2 ? [8, 4] : [8, 3, 4]);
        Calibration.Run(model, [data], CalibrationMethod.Max);

        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 1e-5f);
        Assert.Equal(["QuantizeLinear", "DequantizeLinear", "DequantizeLinear", dimensions == 2 ? "Gemm" : "MatMul"], ExportedModel.Operators(exported.Written));
    }

    [Fact]
    public void Weights_of_one_range_get_a_scale_for_each_channel_from_batch_normalization()
    {
        QuantConv2d conv = new(3, 8, 3, input: Detecting, weight: QuantDescriptor.PerTensor8Bit);
        TensorQuantizer output = new(Detecting);
        TracedFunction model = TracedFunction.Of(conv, BatchNorm2d(8), ReLU(), output);
        Comparison.Randomize(model);
        Tensor data = rand(16, 3, 12, 12);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        AssertWithinAStep(Comparison.Evaluate(model, data), exported.Run(data), output.Amax!.item<float>() / 255);
        Assert.Equal(1, ExportedModel.Count(exported.Optimized, "QLinearConv"));
    }

    [Fact]
    public void Different_quantizers_of_one_tensor_keep_their_values_and_are_noted()
    {
        QuantConv2d first = new(3, 4, 1, input: Detecting), left = new(4, 4, 1, input: Detecting), right = new(4, 4, 1, input: Detecting);
        TracedFunction model = new(
            x =>
            {
                x = first.call(x).relu();
                return left.call(x) + right.call(x);
            },
            x =>
            {
                x = first.call(x).relu();
                return left.call(x) + right.call(x);
            },
            ("first", first), ("left", left), ("right", right));
        Tensor data = rand(4, 3, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        right.InputQuantizer.Amax = left.InputQuantizer.Amax! * 0.5;
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Contains(
            "1 Conv runs in floating point in ONNX Runtime because what its ReLU gives is not quantized once: first (left._input_quantizer, right._input_quantizer).",
            exported.Report.Notes);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.01f);
    }

    [Fact]
    public void Signed_activations_are_the_same_integers_shifted()
    {
        QuantConv2d conv = new(3, 8, 3, padding: 1, input: QuantDescriptor.PerTensor8Bit);
        TensorQuantizer output = new();
        TracedFunction model = TracedFunction.Of(conv, output);
        Tensor data = randn(16, 3, 12, 12);
        Calibration.Run(model, [data], CalibrationMethod.Percentile(99));
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        AssertWithinAStep(Comparison.Evaluate(model, data), exported.Run(data), output.Amax!.item<float>() / 127);
        Assert.Equal(1, ExportedModel.Count(exported.Optimized, "QLinearConv"));
        Assert.All(
            exported.Written.Graph.Initializer.Where(tensor => tensor.Name.Contains("input_quantizer.zero_point")),
            tensor => Assert.Equal([128], tensor.RawData.ToByteArray()));
    }

    [Fact]
    public void A_max_pool_between_layers_works_on_integers()
    {
        TracedFunction model = TracedFunction.Of(
            new QuantConv2d(3, 8, 3, input: Detecting), ReLU(), MaxPool2d(2), new QuantConv2d(8, 8, 3, input: Detecting), ReLU(), new TensorQuantizer(Detecting));
        Tensor data = rand(8, 3, 12, 12);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(2, ExportedModel.Count(exported.Optimized, "QLinearConv"));
        AssertWithinAStep(Comparison.Evaluate(model, data), exported.Run(data), 0.02f);
    }

    [Fact]
    public void A_channel_that_batch_normalization_switches_off_keeps_its_bias()
    {
        QuantConv2d conv = new(3, 4, 3, bias: false, input: Detecting);
        TorchSharp.Modules.BatchNorm2d norm = BatchNorm2d(4);
        using (no_grad())
        {
            norm.weight!.copy_(tensor([0f, 1e-12f, -1e-30f, 1f]));
            norm.bias!.copy_(tensor([0.5f, 0.3f, 0.125f, 0f]));
        }

        TensorQuantizer output = new(Detecting);
        TracedFunction model = TracedFunction.Of(conv, norm, ReLU(), output);
        Tensor data = rand(4, 3, 6, 6);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        AssertWithinAStep(Comparison.Evaluate(model, data), exported.Run(data), output.Amax!.item<float>() / 255);
        Assert.Equal(1, ExportedModel.Count(exported.Optimized, "QLinearConv"));
    }

    [Fact]
    public void Weights_that_cannot_change_their_sign_are_noted()
    {
        QuantConv2d conv = new(1, 2, 1, bias: false, input: Detecting);
        TorchSharp.Modules.BatchNorm2d norm = BatchNorm2d(2);
        using (no_grad())
        {
            conv.weight.copy_(tensor([-4f, -4f]).reshape(2, 1, 1, 1));
            norm.weight!.copy_(tensor([1f, -1f]));
        }

        conv.WeightQuantizer.Amax = tensor([1f, 1f]).reshape(2, 1, 1, 1);
        conv.InputQuantizer.Amax = tensor(1f);
        using ExportedModel exported = ExportedModel.Of(TracedFunction.Of(conv, norm), rand(2, 1, 4, 4), OnnxTarget.OnnxRuntime);

        Assert.Contains(
            "Layer 'layer0' has 1 weights at -128 in channels whose batch normalization has a negative factor; they are 127 instead of 128 here.",
            exported.Report.Notes);
    }

    [Fact]
    public void Convolutions_that_stay_in_floating_point_are_named_with_the_reason()
    {
        TracedFunction model = TracedFunction.Of(new QuantConv2d(3, 4, 3), ReLU(), new QuantConv2d(4, 4, 3));
        Tensor data = randn(2, 3, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(
            [
                "1 Conv runs in floating point in ONNX Runtime because the range of the quantizer behind its ReLU does not begin at 0 or goes beyond it: "
                    + "layer0 (layer2._input_quantizer).",
                "1 Conv runs in floating point in ONNX Runtime because its output is the model's output: layer2.",
                "The model is not annotated for ONNX Runtime: with Target = QuantTarget.OnnxRuntime in its [Quantize], quantizers stand where this runtime "
                    + "needs them and calibration finds ranges that begin at 0.",
            ],
            exported.Report.Notes);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.01f);
    }

    private static QuantDescriptor Detecting { get; } = new() { DetectUnsigned = true };

    private static ExportedModel Digits(out QuantDigitsNet model, out Tensor data)
    {
        model = new QuantDigitsNet();
        Comparison.Randomize(model);
        data = rand(64, 1, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        return ExportedModel.Of(model, data[TensorIndex.Slice(0, 2)], OnnxTarget.OnnxRuntime);
    }

    // A value on the border between two steps may fall to either side: C# multiplies by high / amax, ONNX divides by amax / high.
    private static void AssertWithinAStep(float[] expected, float[] actual, float step)
    {
        Assert.InRange(Comparison.LargestDifference(expected, actual), 0, step * 1.001f);
        Assert.InRange(expected.Zip(actual).Count(pair => Math.Abs(pair.First - pair.Second) > step / 2), 0, expected.Length / 100);
    }
}
