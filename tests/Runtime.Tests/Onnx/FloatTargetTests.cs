using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

public sealed class FloatTargetTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public FloatTargetTests() => manual_seed(5);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Quantizers_are_left_out_and_batch_normalization_is_folded()
    {
        using ExportedModel exported = ExportedModel.Of(Uncalibrated(), rand(2, 1, 8, 8), OnnxTarget.Float);

        Assert.Equal(
            [
                "Conv", "Relu", "Conv", "Relu", "Conv", "Add", "Relu", "Conv", "Conv", "Relu", "Conv", "Add", "Relu", "GlobalAveragePool", "Flatten", "Gemm",
            ],
            ExportedModel.Operators(exported.Written));
        Assert.Empty(exported.Report.QuantizedLayers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    public void Outputs_are_those_of_the_model_with_its_quantizers_disabled(int batch)
    {
        QuantDigitsNet model = Uncalibrated();
        using ExportedModel exported = ExportedModel.Of(model, rand(2, 1, 8, 8), OnnxTarget.Float);
        foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = false;
        }

        Tensor data = rand(batch, 1, 8, 8);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 1e-5f);
    }

    [Fact]
    public void Disabled_quantizers_are_left_out_of_quantized_exports_too()
    {
        QuantDigitsNet model = Uncalibrated();
        foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsEnabled = false;
        }

        Tensor data = rand(4, 1, 8, 8);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(0, ExportedModel.Count(exported.Written, "QuantizeLinear"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 1e-5f);
    }

    private static QuantDigitsNet Uncalibrated()
    {
        QuantDigitsNet model = new();
        Comparison.Randomize(model);
        return model;
    }
}
