using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Affine ranges in files.</summary>
public sealed class AffineExportTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public AffineExportTests() => manual_seed(43);

    public void Dispose() => _scope.Dispose();

    private static QuantDescriptor Affine => new() { Affine = true };

    private static Module<Tensor, Tensor> Conv => new QuantConv2d(4, 4, 3, padding: 1, input: Affine);

    private static Module<Tensor, Tensor> Quantizer => new TensorQuantizer(Affine);

    [Theory]
    [InlineData(-0.2785f, 6.3f)]
    [InlineData(-1f, 3f)]
    [InlineData(-1f, 1f)]
    [InlineData(0f, 1.7f)]
    [InlineData(-2.5f, 0f)]
    [InlineData(-1e-5f, 3e-5f)]
    [InlineData(0f, 0f)]
    [InlineData(-3e4f, 1e5f)]
    public void A_file_gives_the_numbers_of_the_quantizer_to_the_bit(float minimum, float maximum)
    {
        TensorQuantizer quantizer = new(Affine);
        quantizer.SetRange(minimum, maximum);
        float step = quantizer.StepSize!.item<float>();

        // All borders between two integers, as near as float32 comes to them on both sides, and what lies anywhere.
        Tensor borders = (arange(-300, 300, dtype: ScalarType.Float32) + 0.5) * step;
        Tensor data = cat([borders, borders * (1 + 1e-7), borders * (1 - 1e-7), randn(20_000) * (maximum - minimum + step), zeros(1)]).reshape(1, -1);
        TracedFunction model = TracedFunction.Of(quantizer);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(Bits(Comparison.Evaluate(model, data)), Bits(exported.Run(data)));
        Assert.Equal(["QuantizeLinear", "DequantizeLinear"], ExportedModel.Operators(exported.Written));

        static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];
    }

    // Modules one behind the other over [N, 4, 8, 8], and what becomes of each operator that has a rule.
    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>[]> Modules, string[] Expected)> s_chains = new()
    {
        ["convolutions"] = (() => [Conv, Conv, Quantizer], ["integer", "integer"]),
        ["ReLU, behind which the lower end is zero"] = (() => [Conv, ReLU(), Conv, Quantizer], ["integer", "integer"]),
        ["ReLU6"] = (() => [Conv, ReLU6(), Conv, ReLU6(), Quantizer], ["integer", "integer"]),
        ["ReLU behind a quantizer that begins below zero"] = (() => [Conv, Quantizer, ReLU(), Conv, Quantizer], ["integer", "integer"]),
        ["padding of another layer"] = (() => [ZeroPad2d(1), Conv, Quantizer], ["integer"]),
        ["average pool that counts its padding"] = (
            () => [Conv, Quantizer, AvgPool2d(3, stride: 1, padding: 1, count_include_pad: true), Quantizer], ["integer", "integer"]),
        ["average pool that does not"] = (
            () => [Conv, Quantizer, AvgPool2d(3, stride: 1, padding: 1, count_include_pad: false), Quantizer], ["integer", "integer"]),
        ["global average pool"] = (() => [Conv, Quantizer, AdaptiveAvgPool2d(1), Quantizer], ["integer", "integer"]),
        ["max pool with padding"] = (() => [Conv, MaxPool2d(3, padding: 1), Conv, Quantizer], ["integer", "integer"]),
        ["LeakyReLU"] = (() => [Conv, Quantizer, LeakyReLU(0.1), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["Sigmoid"] = (() => [Conv, Quantizer, Sigmoid(), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["Softmax"] = (() => [Conv, Quantizer, Softmax(1), Conv, Quantizer], ["integer", "integer", "integer"]),
        ["Hardswish between quantizers"] = (() => [Conv, Quantizer, Hardswish(), Conv, Quantizer], ["integer", "integer"]),
        ["linear layers"] = (() => [Flatten(), new QuantLinear(256, 8, input: Affine), Quantizer, new QuantLinear(8, 3, input: Affine)], ["integer", "integer"]),
    };

    public static TheoryData<string> Chains => [.. s_chains.Keys];

    [Theory]
    [MemberData(nameof(Chains))]
    public void Integer_kernels_take_zero_points(string name)
    {
        (Func<Module<Tensor, Tensor>[]> modules, string[] expected) = s_chains[name];
        TracedFunction model = TracedFunction.Of(modules());

        // Skewed, so that no zero-point is in the middle.
        Tensor data = randn(4, 4, 8, 8).exp() - 0.5;
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(expected, exported.Report.Kernels.Select(kernel => kernel.FloatReason ?? "integer"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.015f);
    }

    [Fact]
    public void A_ReLU_stays_where_the_range_behind_it_begins_below_zero()
    {
        QuantConv2d second = new(4, 4, 3, input: Affine);
        TracedFunction model = TracedFunction.Of(Conv, ReLU(), second, Quantizer);
        Tensor data = randn(4, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        second.InputQuantizer.SetRange(-1, second.InputQuantizer.Amax!.item<float>());
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(
            ["the range of the quantizer behind its ReLU does not begin at 0 or goes beyond it", "integer"],
            exported.Report.Kernels.Select(kernel => kernel.FloatReason ?? "integer"));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.015f);
    }

    [Fact]
    public void Additions_products_and_concatenations_take_zero_points()
    {
        Module<Tensor, Tensor> first = Conv, third = new QuantConv2d(8, 4, 1, input: Affine);
        TensorQuantizer left = new(Affine), right = new(Affine), sum = new(Affine), product = new(Affine), joined = new(Affine), last = new(Affine);
        TracedFunction model = new(
            x =>
            {
                Tensor a = left.call(first.call(x)), b = right.call(x);
                return last.call(third.call(joined.call(cat([sum.call(a + b), product.call(a * b)], 1))));
            },
            x =>
            {
                TracedTensor a = left.call(first.call(x)), b = right.call(x);
                return last.call(third.call(joined.call(TracedOps.cat([sum.call(a + b), product.call(a * b)], 1))));
            },
            ("first", first), ("third", third), ("left", left), ("right", right), ("sum", sum), ("product", product), ("joined", joined), ("last", last));
        Tensor data = randn(4, 4, 8, 8).exp() - 0.5;
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.All(exported.Report.Kernels, kernel => Assert.True(kernel.IsInteger, $"{kernel.Name}: {kernel.FloatReason}"));
        Assert.Equal(["Conv", "Add", "Mul", "Concat", "Conv"], exported.Report.Kernels.Select(kernel => kernel.Operator));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, data), exported.Run(data)), 0, 0.015f);
    }

    // What a Hardswish or a SiLU gives has nearly twice as many numbers with affine ranges: six decibels, less what weights lose.
    [Fact]
    public void Networks_of_skewed_activations_are_three_decibels_better_than_with_symmetric_ranges()
    {
        double[] gains = [.. Enumerable.Range(0, 6).Select(seed => Gain(seed))];

        Assert.True(gains.Average() > 3, string.Join(", ", gains.Select(gain => $"{gain:F2} dB")));

        static double Gain(int seed)
        {
            using var scope = NewDisposeScope();
            return DecibelsOf(SkewedNetwork(seed, Affine)) - DecibelsOf(SkewedNetwork(seed, new() { DetectUnsigned = true }));
        }
    }

    [Fact]
    public void A_network_of_skewed_activations_is_integer_and_as_good_in_its_file()
    {
        (TracedFunction model, Tensor data, float[] exact) = SkewedNetwork(3, Affine, quantizesOutputs: true);
        float[] quantized = Comparison.Evaluate(model, data);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);
        float[] inFile = exported.Run(data);

        Assert.All(exported.Report.Kernels.Where(kernel => kernel.Operator is "Conv" or "Gemm"), kernel => Assert.True(kernel.IsInteger, $"{kernel.Name}: {kernel.FloatReason}"));
        Assert.InRange(Comparison.RelativeDifference(quantized, inFile), 0, 0.03f);
        Assert.Equal(Decibels(exact, quantized), Decibels(exact, inFile), 3.0);
    }

    // Batch normalizations have factors as different as training makes them. Returns also what the network gives without quantizers.
    private static (TracedFunction Model, Tensor Data, float[] Exact) SkewedNetwork(int seed, QuantDescriptor input, bool quantizesOutputs = false)
    {
        manual_seed(seed);
        List<Module<Tensor, Tensor>> modules = [];
        for (int layer = 0; layer < 6; layer++)
        {
            TorchSharp.Modules.BatchNorm2d norm = BatchNorm2d(16);
            using (no_grad())
            {
                norm.weight!.copy_(randn(16).exp());
                norm.bias!.copy_(randn(16) * 0.5);
            }

            modules.AddRange([new QuantConv2d(layer == 0 ? 3 : 16, 16, 3, padding: 1, input: input), norm]);
            modules.AddRange(quantizesOutputs ? [new TensorQuantizer(input)] : []);
            modules.Add(layer % 2 == 0 ? Hardswish() : SiLU());
        }

        TracedFunction model = TracedFunction.Of([.. modules, AdaptiveAvgPool2d(1), Flatten(), new QuantLinear(16, 10, input: input)]);
        Tensor data = randn(8, 3, 12, 12);
        SetQuantizing(model, false);
        using (no_grad())
        {
            // Statistics of the batch normalizations.
            for (int pass = 0; pass < 10; pass++)
            {
                model.call(data).Dispose();
            }
        }

        float[] exact = Comparison.Evaluate(model, data);
        SetQuantizing(model, true);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        return (model, data, exact);
    }

    private static double DecibelsOf((TracedFunction Model, Tensor Data, float[] Exact) network)
        => Decibels(network.Exact, Comparison.Evaluate(network.Model, network.Data));

    private static void SetQuantizing(Module model, bool quantizes)
    {
        foreach (TensorQuantizer quantizer in model.modules().OfType<TensorQuantizer>())
        {
            quantizer.IsQuantizing = quantizes;
        }
    }

    private static double Decibels(float[] exact, float[] actual)
        => 10 * Math.Log10(exact.Sum(value => (double)value * value) / exact.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum());

    [Fact]
    public void A_constant_is_stored_with_its_zero_point()
    {
        Tensor constant = (rand(4, 8, 8) * 3 - 0.6).DetachFromDisposeScope();
        TensorQuantizer left = new(Affine), right = new(Affine);
        TracedFunction model = new(x => left.call(x) + right.call(constant), x => left.call(x) + right.call(constant), ("left", left), ("right", right));
        Tensor data = randn(2, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(1, ExportedModel.Count(exported.Written, "QuantizeLinear"));
        Assert.Equal(Comparison.Evaluate(model, data), exported.Run(data));
        constant.Dispose();
    }

    [Fact]
    public void A_learned_range_needs_no_operation_of_its_own()
    {
        TensorQuantizer quantizer = new(Affine with { LearnAmax = true, LearnStep = true });
        TracedFunction model = TracedFunction.Of(quantizer);
        Tensor data = randn(1, 1000).exp() - 0.5;
        Calibration.Run(model, [data], CalibrationMethod.Mse);
        using (no_grad())
        {
            quantizer.Clip!.clip_value_min.mul_(0.83);
            quantizer.Clip!.clip_value_max.mul_(0.71);
        }

        using ExportedModel exported = ExportedModel.Of(model, data, OnnxTarget.OnnxRuntime);

        Assert.Equal(["QuantizeLinear", "DequantizeLinear"], ExportedModel.Operators(exported.Written));
        Assert.Equal(Comparison.Evaluate(model, data), exported.Run(data));
    }

    [Fact]
    public void TensorRT_takes_no_zero_point()
    {
        TracedFunction model = TracedFunction.Of(Conv, new QuantConv2d(4, 4, 3));
        Tensor data = randn(1, 4, 8, 8);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

        NotSupportedException refused = Assert.Throws<NotSupportedException>(() => model.ExportOnnx(path, data, OnnxTarget.TensorRT));

        Assert.Contains("1 quantizers of TracedFunction have an affine range", refused.Message, StringComparison.Ordinal);
        Assert.Contains("layer0._input_quantizer", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_weight_has_no_zero_point()
    {
        TracedFunction model = TracedFunction.Of(new QuantLinear(8, 4, input: Affine, weight: Affine));
        Tensor data = randn(2, 8);

        Assert.Contains("'layer0._weight_quantizer': a weight's range is symmetric", Assert.Throws<ArgumentException>(
            () => Calibration.CalibrateWeights(model)).Message, StringComparison.Ordinal);
        Calibration.Run(model, [data], CalibrationMethod.Max);
        Assert.Contains("layer0._weight_quantizer", Assert.Throws<NotSupportedException>(
            () => model.ExportOnnx(Path.GetTempFileName(), data, OnnxTarget.OnnxRuntime)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_calibrated_is_named()
    {
        TracedFunction model = TracedFunction.Of(Conv);

        Assert.Contains("layer0._input_quantizer", Assert.Throws<InvalidOperationException>(
            () => model.ExportOnnx(Path.GetTempFileName(), randn(1, 4, 8, 8), OnnxTarget.OnnxRuntime)).Message, StringComparison.Ordinal);
    }
}
