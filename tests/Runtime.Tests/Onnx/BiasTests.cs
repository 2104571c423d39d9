using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Biases of channels whose weights are zero or nearly so: what such a channel gives is its bias, in the file as in C#.</summary>
public sealed class BiasTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public BiasTests() => manual_seed(17);

    public void Dispose() => _scope.Dispose();

    private static QuantDescriptor PerChannel { get; } = new() { Axis = 0 };

    private static QuantDescriptor PerTensor { get; } = new();

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0f, false)]
    [InlineData(1e-9f, true)]
    [InlineData(1e-9f, false)]
    [InlineData(1e-6f, true)]
    [InlineData(1e-6f, false)]
    [InlineData(-1e-4f, true)]
    public void A_linear_layer_keeps_the_bias_of_an_output_without_weights(float weight, bool perChannel)
    {
        QuantLinear layer = new(6, 4, weight: perChannel ? PerChannel : PerTensor);
        using (no_grad())
        {
            layer.weight[0] = weight;
            layer.bias![0] = 0.3f;
        }

        AssertKeepsBias(layer, randn(64, 6) * 30);
    }

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0f, false)]
    [InlineData(1e-7f, true)]
    [InlineData(1e-7f, false)]
    [InlineData(1e-5f, true)]
    public void A_convolution_keeps_the_bias_of_a_channel_without_weights(float weight, bool perChannel)
    {
        QuantConv2d layer = new(3, 4, 1, weight: perChannel ? PerChannel : PerTensor);
        using (no_grad())
        {
            layer.weight[0] = weight;
            layer.bias![0] = 0.3f;
        }

        AssertKeepsBias(layer, randn(2, 3, 4, 4) * 30);
    }

    [Theory]
    [InlineData(0f, true)]
    [InlineData(0f, false)]
    [InlineData(1e-12f, true)]
    [InlineData(-1e-12f, true)]
    [InlineData(-1e-5f, true)]
    [InlineData(-1e-5f, false)]
    [InlineData(1e-38f, true)]
    public void A_channel_that_batch_normalization_switches_off_keeps_its_offset(float gamma, bool perChannel)
    {
        QuantConv2d layer = new(3, 4, 1, bias: false, weight: perChannel ? PerChannel : PerTensor);
        TorchSharp.Modules.BatchNorm2d norm = BatchNorm2d(4);
        using (no_grad())
        {
            norm.weight![0] = gamma;
            norm.bias![0] = 0.3f;
        }

        AssertKeepsBias(Sequential(layer, norm), randn(2, 3, 4, 4) * 30);
    }

    [Theory]
    [InlineData(30f, true)]
    [InlineData(30f, false)]
    [InlineData(1e-3f, true)]
    [InlineData(1e-3f, false)]
    public void A_layer_whose_weights_are_all_zero_gives_its_biases(float range, bool perChannel)
    {
        QuantConv2d convolution = new(3, 4, 1, weight: perChannel ? PerChannel : PerTensor);
        QuantLinear linear = new(6, 4, weight: perChannel ? PerChannel : PerTensor);
        QuantConvTranspose2d transposed = new(3, 4, 2, weight: perChannel ? new() { Axis = 1 } : PerTensor);
        foreach ((Module<Tensor, Tensor> layer, Tensor weight, Tensor bias, long[] shape) in new (Module<Tensor, Tensor>, Tensor, Tensor, long[])[]
        {
            (convolution, convolution.weight, convolution.bias!, [2, 3, 4, 4]), (linear, linear.weight, linear.bias!, [8, 6]),
            (transposed, transposed.weight, transposed.bias!, [2, 3, 4, 4]),
        })
        {
            using (no_grad())
            {
                weight.zero_();
                bias.copy_(tensor([0.3f, -0.125f, 0f, 1e-3f]));
            }

            // ONNX Runtime would store the float bias of a file for TensorRT as integers by itself, where a large one does not fit.
            AssertKeepsBias(layer, randn(shape) * range, OnnxTarget.OnnxRuntime);
        }
    }

    [Fact]
    public void With_weights_of_one_range_only_the_channel_with_the_large_bias_is_rounded_again()
    {
        QuantLinear layer = new(4, 2, weight: PerTensor);
        using (no_grad())
        {
            layer.weight.copy_(tensor([1e-5f, 0.5e-5f, 0.25e-5f, -1e-5f, 0.3e-5f, 0.5e-5f, 0.7e-5f, -0.9e-5f]).reshape(2, 4));
            layer.bias!.copy_(tensor([1000f, 0f]));
        }

        TracedFunction model = TracedFunction.Of(layer);
        Tensor data = rand(16, 4) * 1e-3;
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        float[] expected = [.. Comparison.Evaluate(model, data).Where((_, index) => index % 2 == 1)];
        float[] actual = [.. exported.Run(data).Where((_, index) => index % 2 == 1)];
        Assert.InRange(Comparison.RelativeDifference(expected, actual), 0, 1e-4f);
    }

    [Fact]
    public void A_tensor_that_was_always_zero_in_calibration_lets_nothing_through_in_the_file_either()
    {
        TracedFunction model = TracedFunction.Of(new TensorQuantizer(), new QuantLinear(6, 4));
        Calibration.Run(model, [zeros(4, 6)], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, zeros(4, 6), OnnxTarget.OnnxRuntime);

        Tensor data = randn(8, 6) * 10;
        Assert.InRange(Comparison.LargestDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 1e-3f);
    }

    // With and without a quantizer behind the layer: ONNX Runtime takes biases apart only where an output is quantized.
    private static void AssertKeepsBias(Module<Tensor, Tensor> layer, Tensor data)
        => AssertKeepsBias(layer, data, OnnxTarget.TensorRT, OnnxTarget.OnnxRuntime);

    private static void AssertKeepsBias(Module<Tensor, Tensor> layer, Tensor data, params OnnxTarget[] targets)
    {
        TensorQuantizer output = new(new() { DetectUnsigned = true });
        foreach (TracedFunction model in new[] { TracedFunction.Of(layer), TracedFunction.Of(layer, ReLU(), output) })
        {
            Calibration.Run(model, [data], CalibrationMethod.Max);
            foreach (OnnxTarget target in targets)
            {
                using ExportedModel exported = ExportedModel.Of(model, data, target);
                float step = output.Amax is { } amax ? amax.item<float>() / (target == OnnxTarget.TensorRT ? 127 : 255) : 0;
                float[] expected = FirstChannel(Comparison.Evaluate(model, data)), actual = FirstChannel(exported.Run(data));
                Assert.InRange(Comparison.LargestDifference(expected, actual), 0, Math.Max(step * 1.01f, 1e-3f));
            }
        }

        float[] FirstChannel(float[] values)
        {
            Tensor output = layer.call(data);
            using Tensor all = tensor(values).reshape(output.shape);
            return [.. all.select(1, 0).contiguous().data<float>()];
        }
    }
}
