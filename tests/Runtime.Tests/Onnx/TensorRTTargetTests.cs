using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Onnx.Proto;
using QuantGen.Tests.Onnx.Models;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

public sealed class TensorRTTargetTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public TensorRTTargetTests() => manual_seed(11);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Quantization_is_signed_and_symmetric_and_weights_have_a_scale_for_each_channel()
    {
        using ExportedModel exported = Digits(out _, out _);
        Dictionary<string, TensorProto> constants = exported.Written.Graph.Initializer.ToDictionary(tensor => tensor.Name);

        NodeProto[] quantizers = [.. exported.Written.Graph.Node.Where(node => node.OpType == "QuantizeLinear")];
        Assert.All(quantizers, node =>
        {
            TensorProto zero = constants[node.Input[2]];
            Assert.Equal((int)TensorProto.Types.DataType.Int8, zero.DataType);
            Assert.All(zero.RawData, value => Assert.Equal(0, value));
            Assert.Equal(constants.ContainsKey(node.Input[0]) ? 1 : 0, constants[node.Input[1]].Dims.Count);
        });
        Assert.Equal(7, quantizers.Count(node => constants.ContainsKey(node.Input[0])));
    }

    [Fact]
    public void Batch_normalization_stays_and_weights_stay_in_floating_point()
    {
        using ExportedModel exported = Digits(out QuantDigitsNet model, out _);

        Assert.Equal(6, ExportedModel.Count(exported.Written, "BatchNormalization"));
        TensorProto weight = exported.Written.Graph.Initializer.Single(tensor => tensor.Name == "layer1.conv1.weight");
        Assert.Equal((int)TensorProto.Types.DataType.Float, weight.DataType);
        Assert.Equal([16, 16, 3, 3], weight.Dims);
    }

    [Fact]
    public void Only_the_residual_operand_of_an_addition_is_quantized()
    {
        using ExportedModel exported = Digits(out _, out _);
        Dictionary<string, NodeProto> producers = exported.Written.Graph.Node.ToDictionary(node => node.Output[0]);

        NodeProto[] additions = [.. exported.Written.Graph.Node.Where(node => node.OpType == "Add")];

        Assert.Equal(2, additions.Length);
        Assert.All(additions, add =>
        {
            Assert.Equal("BatchNormalization", producers[add.Input[0]].OpType);
            Assert.Equal("DequantizeLinear", producers[add.Input[1]].OpType);
            Assert.Contains("residual_quantizer", add.Input[1]);
        });
    }

    [Fact]
    public void Outputs_are_those_of_the_model_when_its_quantizers_are_signed()
    {
        using ExportedModel exported = Digits(out QuantDigitsNet model, out Tensor data);

        // The quantizers that the target leaves out are out in C#, too.
        foreach ((string name, nn.Module module) in model.named_modules().Where(entry => entry.name.EndsWith("addend_quantizer", StringComparison.Ordinal)))
        {
            ((TensorQuantizer)module).IsEnabled = false;
        }

        float[] expected = Comparison.Evaluate(model, data), actual = exported.Run(data);

        Assert.InRange(Comparison.RelativeDifference(expected, actual), 0, 0.01f);
        Assert.Equal(Comparison.Predictions(expected, 10), Comparison.Predictions(actual, 10));
        Assert.Empty(exported.Report.Notes);
    }

    [Fact]
    public void Unsigned_quantizers_become_signed_and_are_noted()
    {
        QuantConv2d conv = new(3, 4, 3, input: new() { Unsigned = true });
        TracedFunction model = TracedFunction.Of(conv);
        Tensor data = rand(2, 3, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.TensorRT);

        Assert.Equal(
            [
                "1 quantizers are unsigned in C# and signed here, with steps about twice as large, because TensorRT has signed integers only: "
                    + "layer0._input_quantizer.",
            ],
            exported.Report.Notes);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.02f);
    }

    [Fact]
    public void Weights_of_a_narrow_range_never_become_minus_128()
    {
        QuantConv2d conv = new(1, 1, 1, bias: false, weight: new() { Axis = 0, NarrowRange = true });
        using (no_grad())
        {
            conv.weight.fill_(-4f);
        }

        conv.InputQuantizer.Amax = tensor(1f);
        conv.WeightQuantizer.Amax = tensor([2f]).reshape(1, 1, 1, 1);
        TracedFunction model = TracedFunction.Of(conv);
        Tensor data = rand(2, 1, 4, 4);

        foreach (OnnxTarget target in new[] { OnnxTarget.TensorRT, OnnxTarget.OnnxRuntime })
        {
            using ExportedModel exported = ExportedModel.Of(model, data, target);
            Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 1e-5f);
        }
    }

    private static ExportedModel Digits(out QuantDigitsNet model, out Tensor data)
    {
        model = new QuantDigitsNet(input: new(), weight: new() { Axis = 0 });
        Comparison.Randomize(model);
        data = randn(64, 1, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        return ExportedModel.Of(model, data[TensorIndex.Slice(0, 2)], OnnxTarget.TensorRT);
    }
}
