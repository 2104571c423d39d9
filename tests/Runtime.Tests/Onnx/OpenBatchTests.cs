using QuantGen.Modules;
using QuantGen.Onnx;
using QuantGen.Onnx.Proto;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

/// <summary>Sizes that go with the batch do so in the file, wherever they come from in C#; what cannot is said.</summary>
public sealed class OpenBatchTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public OpenBatchTests() => manual_seed(29);

    public void Dispose() => _scope.Dispose();

    // Each over [N, 3, 6, 8], N a multiple of 2: clips of two frames.
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["frames to clips"] = (x => x.mean([2, 3]).view(-1, 2, 3), x => x.mean([2, 3]).view(-1, 2, 3)),
        ["frames to clips by the size"] = (x => x.view(x.shape[0] / 2, 2, 144).mean([1]), x => x.view(x.shape[0] / 2, 2, 144).mean([1])),
        ["clips with their frames behind"] = (x => x.view(-1, 2, 3, 6, 8).transpose(1, 2), x => x.view(-1, 2, 3, 6, 8).transpose(1, 2)),
        ["clips and back"] = (x => x.view(-1, 2, 144).view(-1, 3, 6, 8), x => x.view(-1, 2, 144).view(-1, 3, 6, 8)),
        ["the batch given, the rest left"] = (x => x.view(x.shape[0], -1), x => x.view(x.shape[0], -1)),
        ["a multiple of the batch"] = (x => x.reshape(x.size(0) * 4, 36), x => x.reshape(x.size(0) * 4, 36)),
        ["all sizes given"] = (
            x =>
            {
                (long b, long c, long h, long w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
                return x.view(b, c, h * w).transpose(1, 2);
            },
            x =>
            {
                (long b, long c, long h, long w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
                return x.view(b, c, h * w).transpose(1, 2);
            }
        ),
        ["windows of an image"] = (
            x => x.view(x.shape[0], 3, 3, 2, 2, 4).permute(0, 2, 4, 3, 5, 1).contiguous().view(-1, 8, 3),
            x => x.view(x.shape[0], 3, 3, 2, 2, 4).permute(0, 2, 4, 3, 5, 1).contiguous().view(-1, 8, 3)),
        ["channel shuffle"] = (
            x => x.view(x.shape[0], 3, 2, 3, 8).transpose(1, 2).contiguous().view(x.shape[0], -1, 3, 8),
            x => x.view(x.shape[0], 3, 2, 3, 8).transpose(1, 2).contiguous().view(x.shape[0], -1, 3, 8)),
        ["flatten everything"] = (x => x.flatten(), x => x.flatten()),
        ["flatten from the start"] = (x => x.flatten(0, 2), x => x.flatten(0, 2)),
        ["flatten the middle"] = (x => x.flatten(1, 2), x => x.flatten(1, 2)),
        ["flatten nothing"] = (x => x.flatten(1, 1), x => x.flatten(1, 1)),
        ["flatten behind the batch at the end"] = (x => x.permute(1, 2, 3, 0).flatten(1), x => x.permute(1, 2, 3, 0).flatten(1)),
        ["the batch apart"] = (x => x.permute(1, 2, 3, 0).reshape(-1, 4), x => x.permute(1, 2, 3, 0).reshape(-1, 4)),
        ["the batch twice"] = (x => Gram(x).view(x.shape[0], 1, x.shape[0]), x => Gram(x).view(x.shape[0], 1, x.shape[0])),
        ["the batch twice, moved"] = (x => Gram(x).view(1, 1, x.shape[0], -1), x => Gram(x).view(1, 1, x.shape[0], -1)),
        ["the batch twice, halved"] = (x => Gram(x).view(2, x.shape[0] / 2, 1, x.shape[0]), x => Gram(x).view(2, x.shape[0] / 2, 1, x.shape[0])),
        ["the square of the batch"] = (x => Gram(x).flatten(), x => Gram(x).flatten()),
        ["the square of the batch and back"] = (x => Gram(x).flatten().view(x.shape[0], x.shape[0]), x => Gram(x).flatten().view(x.shape[0], x.shape[0])),
        ["concatenated along the batch"] = (x => cat([x, x * 2], 0).view(2, -1, 144), x => TracedOps.cat([x, x * 2], 0).view(2, -1, 144)),
        ["one more than the batch"] = (x => cat([x, ones(1, 3, 6, 8)], 0).flatten(1), x => TracedOps.cat([x, ones(1, 3, 6, 8)], 0).flatten(1)),
        ["zeros for each sample"] = (
            x => cat([x.flatten(1), zeros(x.shape[0], 5)], 1) + ones(x.shape[0], 1),
            x => TracedOps.cat([x.flatten(1), zeros(x.shape[0], 5)], 1) + ones(x.shape[0], 1)),
        ["a row for each sample"] = (
            x => x.flatten(1) + arange(0, 144).to(ScalarType.Float32).expand(x.shape[0], 144),
            x => x.flatten(1) + arange(0, 144).to(ScalarType.Float32).expand(x.shape[0], 144)),
        ["over the batch"] = (x => x - x.mean([0], keepdim: true), x => x - x.mean([0], keepdim: true)),
        ["squeezed"] = (x => x.mean([2, 3], keepdim: true).squeeze(), x => x.mean([2, 3], keepdim: true).squeeze()),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_shape_is_that_of_CSharp_for_any_batch_size(string name)
    {
        (Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced) = s_cases[name];
        TracedFunction model = new(eager, traced);
        foreach (int samples in new[] { 2, 4, 12 })
        {
            using ExportedModel exported = ExportedModel.Of(model, randn(samples, 3, 6, 8), OnnxTarget.Float);
            Assert.All(exported.Report.Notes, note => Assert.Fail(note));
            foreach (int other in new[] { 2, 4, 6, 10 })
            {
                Tensor input = randn(other, 3, 6, 8);
                Assert.Equal(eager(input).shape, exported.Shape(input));
                Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
            }
        }
    }

    [Fact]
    public void One_sample_is_as_good_an_example_as_two()
    {
        foreach ((string name, (Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced)) in s_cases)
        {
            TracedFunction model = new(eager, traced);
            using ExportedModel one = ExportedModel.Of(model, ones(1, 3, 6, 8), OnnxTarget.Float), two = ExportedModel.Of(model, ones(2, 3, 6, 8), OnnxTarget.Float);
            Assert.True(one.Written.Equals(two.Written), name);
        }
    }

    [Fact]
    public void Clips_of_more_frames_than_the_first_try_has_samples_keep_their_number_open()
    {
        QuantLinear layer = new(4, 3);
        TracedFunction model = new(x => layer.call(x).view(-1, 8, 3).mean([1]), x => layer.call(x).view(-1, 8, 3).mean([1]), ("layer", layer));
        Calibration.Run(model, [randn(16, 4)], CalibrationMethod.Max);
        using ExportedModel exported = ExportedModel.Of(model, randn(8, 4), OnnxTarget.TensorRT);

        Tensor input = randn(24, 4);
        Assert.Equal([3, 3], exported.Shape(input));
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 0.01f);
        Assert.Empty(exported.Report.Notes);
    }

    [Fact]
    public void Declared_shapes_say_batch_where_it_is_the_batch_and_nothing_where_it_is_not()
    {
        Assert.Equal(["batch", "batch"], Declared(x => x.flatten(1).matmul(x.flatten(1).t())));
        Assert.Equal(["?", "8"], Declared(x => x.flatten(0, 2)));
        Assert.Equal(["3", "6", "8"], Declared(x => x.mean([0])));
        Assert.Equal(["batch", "3", "48"], Declared(x => x.view(-1, 3, 48)));
        Assert.Equal(["48", "3", "batch"], Declared(x => x.view(-1, 3, 48).transpose(0, 2)));
        Assert.Equal(["?", "2", "144"], Declared(x => x.view(-1, 2, 144)));

        static string[] Declared(Func<TracedTensor, TracedTensor> traced)
        {
            using ExportedModel exported = ExportedModel.Of(new TracedFunction(x => x, traced), randn(2, 3, 6, 8), OnnxTarget.Float);
            return [.. exported.Written.Graph.Output.Single().Type.TensorType.Shape.Dim.Select(Text)];
        }
    }

    [Fact]
    public void A_batch_that_the_model_fixes_is_fixed_in_the_file_and_noted()
    {
        TracedFunction model = new(x => x.view(2, 3, 48), x => x.view(2, 3, 48));
        using ExportedModel exported = ExportedModel.Of(model, randn(2, 3, 6, 8), OnnxTarget.Float);

        Assert.Equal(["2", "3", "6", "8"], exported.Written.Graph.Input.Single().Type.TensorType.Shape.Dim.Select(Text));
        Assert.Equal(["2", "3", "48"], exported.Written.Graph.Output.Single().Type.TensorType.Shape.Dim.Select(Text));
        Assert.StartsWith(
            "The batch is fixed at 2, the number of samples of the example, since the model depends on it: with 6 samples its forward fails (shape '[2, 3, 48]' is invalid",
            Assert.Single(exported.Report.Notes), StringComparison.Ordinal);
        Tensor input = randn(2, 3, 6, 8);
        Assert.InRange(Comparison.LargestDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-6f);
    }

    [Fact]
    public void A_batch_of_one_that_the_model_fixes_is_fixed_in_the_file_and_noted()
    {
        TracedFunction model = new(x => x.view(1, 3, 48), x => x.view(1, 3, 48));
        using ExportedModel exported = ExportedModel.Of(model, randn(1, 3, 6, 8), OnnxTarget.Float);

        Assert.Equal(["1", "3", "6", "8"], exported.Written.Graph.Input.Single().Type.TensorType.Shape.Dim.Select(Text));
        Assert.StartsWith(
            "The batch is fixed at 1, the number of samples of the example, since the model depends on it: with 2 samples its forward fails (shape '[1, 3, 48]' is invalid",
            Assert.Single(exported.Report.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_computed_from_the_size_of_the_batch_fixes_it()
    {
        AssertFixed(x => x / x.shape[0], "with 6 samples a number or constant that 'Div' reads is another one.");
        AssertFixed(x => x + arange(0, x.shape[0]).to(ScalarType.Float32).reshape(-1, 1, 1, 1), "with 6 samples a number or constant that 'Add' reads is another one.");
    }

    [Fact]
    public void Operations_that_depend_on_the_size_of_the_batch_fix_it()
        => AssertFixed(x => x.shape[0] > 3 ? x.relu() : x.sigmoid(), "with 6 samples it computes 'Relu' in the place of 'Sigmoid'.");

    [Fact]
    public void A_forward_that_fails_with_the_example_itself_fails_to_export()
    {
        TracedFunction model = new(x => x, x => x.view(5, 7));

        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => ExportedModel.Of(model, randn(1, 3), OnnxTarget.Float));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => ExportedModel.Of(model, randn(3, 3), OnnxTarget.Float));
    }

    private static void AssertFixed(Func<TracedTensor, TracedTensor> traced, string reason)
    {
        using ExportedModel exported = ExportedModel.Of(new TracedFunction(x => x, traced), randn(2, 3, 6, 8), OnnxTarget.Float);
        Assert.Equal(["2", "3", "6", "8"], exported.Written.Graph.Input.Single().Type.TensorType.Shape.Dim.Select(Text));
        Assert.Equal(
            $"The batch is fixed at 2, the number of samples of the example, since the model depends on it: {reason}", Assert.Single(exported.Report.Notes));
    }

    private static Tensor Gram(Tensor x) => x.flatten(1).matmul(x.flatten(1).t());

    private static TracedTensor Gram(TracedTensor x) => x.flatten(1).matmul(x.flatten(1).t());

    private static string Text(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue => $"{dimension.DimValue}",
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => dimension.DimParam,
        _ => "?",
    };
}
