using ModelZoo;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests;

/// <summary>Generated models, run in ONNX Runtime and compared with C#, number by number.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public ExportTests() => random.manual_seed(4);

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Attention_by_functions_runs_in_integers_with_the_numbers_of_the_model()
    {
        Tensor images = rand(32, 3, 16, 16);
        QuantFunctionalAttentionUnsigned quant = Calibrated(new QuantFunctionalAttentionUnsigned(16, 4, 10), images);

        using ExportedModel exported = ExportedModel.Of(quant, images, OnnxTarget.OnnxRuntime);

        float[] expected = Comparison.Evaluate(quant, images), actual = exported.Run(images);
        Assert.InRange(Comparison.RelativeDifference(expected, actual), 0, 0.01f);
        Assert.Equal(Comparison.Predictions(expected, 10), Comparison.Predictions(actual, 10));
        Assert.DoesNotContain(ExportedModel.Operators(exported.Optimized), name => name is "Conv" or "MatMul" or "Gemm");
    }

    [Fact]
    public void A_profile_for_TensorRT_has_the_quantizers_of_functions_in_its_export()
    {
        Tensor images = rand(32, 3, 16, 16);
        QuantFunctionalAttention quant = Calibrated(new QuantFunctionalAttention(16, 4, 10), images);

        using ExportedModel exported = ExportedModel.Of(quant, images, OnnxTarget.TensorRT);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(quant, images), exported.Run(images)), 0, 0.01f);
        Assert.Equal(
            ["conv2d_input_quantizer", "conv2d_weight_quantizer", "linear_input_quantizer", "linear_weight_quantizer", "matmul2_input_quantizer", "matmul2_other_quantizer"],
            exported.Written.Graph.Node.Where(node => node.OpType == "QuantizeLinear").Select(node => node.Output[0].Split('/')[0])
                .Where(name => name.StartsWith("conv", StringComparison.Ordinal) || name.StartsWith("linear", StringComparison.Ordinal) || name.StartsWith("matmul2", StringComparison.Ordinal))
                .Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tensors_with_one_quantizer_are_concatenated_as_integers()
    {
        Tensor images = rand(16, 3, 12, 12);
        QuantInceptionNet quant = Calibrated(new QuantInceptionNet(10), images);

        using ExportedModel exported = ExportedModel.Of(quant, images, OnnxTarget.OnnxRuntime);

        float[] expected = Comparison.Evaluate(quant, images), actual = exported.Run(images);
        Assert.InRange(Comparison.RelativeDifference(expected, actual), 0, 0.01f);
        Assert.DoesNotContain("Conv", ExportedModel.Operators(exported.Optimized));
        Assert.Equal(1, ExportedModel.Count(exported.Optimized, "QLinearConcat"));
        // Behind the second concatenation comes a mean over space, which takes floats.
        Assert.Equal(1, ExportedModel.Count(exported.Optimized, "Concat"));
    }

    [Fact]
    public void A_network_of_two_files_concatenates_integers_on_its_way_up()
    {
        Tensor images = rand(4, 3, 32, 32);
        QuantUNet quant = Calibrated(new QuantUNet(3, 8, 16, 32), images);

        using ExportedModel exported = ExportedModel.Of(quant, images, OnnxTarget.OnnxRuntime);

        float[] expected = Comparison.Evaluate(quant, images), actual = exported.Run(images);
        // Seldom a value falls to the other side of a border between two steps.
        Assert.InRange(expected.Zip(actual, (a, b) => Math.Abs(a - b)).Average() / expected.Max(Math.Abs), 0, 0.003f);
        Assert.Equal(2, ExportedModel.Count(exported.Optimized, "QLinearConcat"));
    }

    [Theory]
    [InlineData(OnnxTarget.TensorRT)]
    [InlineData(OnnxTarget.OnnxRuntime)]
    public void A_residual_addition_that_is_not_taken_needs_no_range(OnnxTarget target)
    {
        Tensor images = rand(4, 3, 8, 8);
        QuantOptionalShortcut without = Calibrated(new QuantOptionalShortcut(3, 5), images), with = Calibrated(new QuantOptionalShortcut(3, 3), images);

        using ExportedModel straight = ExportedModel.Of(without, images, target), residual = ExportedModel.Of(with, images, target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(without, images), straight.Run(images)), 0, 0.02f);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(with, images), residual.Run(images)), 0, 0.02f);
    }

    [Theory]
    [InlineData(OnnxTarget.TensorRT)]
    [InlineData(OnnxTarget.OnnxRuntime)]
    public void A_head_that_only_training_uses_needs_no_range(OnnxTarget target)
    {
        Tensor features = randn(16, 8);
        QuantAuxiliaryHead quant = Calibrated(new QuantAuxiliaryHead(), features);

        using ExportedModel exported = ExportedModel.Of(quant, features, target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(quant, features), exported.Run(features)), 0, 0.01f);
        Assert.Equal(["fc"], exported.Report.QuantizedLayers);
    }

    [Theory]
    [InlineData(OnnxTarget.TensorRT)]
    [InlineData(OnnxTarget.OnnxRuntime)]
    public void A_network_whose_blocks_add_only_here_and_there_exports_as_it_was_calibrated(OnnxTarget target)
    {
        Tensor images = rand(8, 3, 16, 16);
        QuantMobileNetV2 quant = Calibrated(new QuantMobileNetV2(), images);

        using ExportedModel exported = ExportedModel.Of(quant, images, target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(quant, images), exported.Run(images)), 0, 0.05f);
    }

    [Theory]
    [InlineData(OnnxTarget.TensorRT)]
    [InlineData(OnnxTarget.OnnxRuntime)]
    public void Changes_in_place_reach_every_name_of_a_tensor(OnnxTarget target)
    {
        Tensor images = randn(4, 3, 4, 4);
        QuantSharedMemory quant = Calibrated(new QuantSharedMemory(), images);

        using ExportedModel exported = ExportedModel.Of(quant, images, target);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(quant, images), exported.Run(images)), 0, 0.02f);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Clips_of_frames_stay_apart_for_any_number_of_them(int examples)
    {
        Tensor frames = randn(8, 4);
        QuantVideoClips quant = Calibrated(new QuantVideoClips(2), frames);

        using ExportedModel exported = ExportedModel.Of(quant, frames[..examples], OnnxTarget.TensorRT);

        Assert.Equal([4, 2], exported.Shape(frames));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(quant, frames), exported.Run(frames)), 0, 0.01f);
    }

    private static TModel Calibrated<TModel>(TModel model, Tensor data)
        where TModel : Module<Tensor, Tensor>
    {
        Calibration.Run(model, [data], CalibrationMethod.Max);
        return model;
    }
}
