using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Other sizes, padding, and layers over sequences and volumes.</summary>
public sealed class TracedImageTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedImageTests() => manual_seed(5);

    public void Dispose() => _scope.Dispose();

    private static readonly Tensor s_weight = (arange(0, 60).to(ScalarType.Float32).reshape(5, 4, 3) / 30 - 1).DetachFromDisposeScope();

    private static readonly Tensor s_bias = arange(0, 5).to(ScalarType.Float32).DetachFromDisposeScope();

    // Each over [N, 4, 6, 8].
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["interpolate, factors"] = (x => functional.interpolate(x, scale_factor: [2.0, 3.0]), x => TracedOps.interpolate(x, scale_factor: [2.0, 3.0])),
        ["interpolate, one factor"] = (
            x => functional.interpolate(x, scale_factor: [2.0, 2.0], mode: InterpolationMode.Nearest),
            x => TracedOps.interpolate(x, scale_factor: [2.0, 2.0], mode: InterpolationMode.Nearest)),
        ["interpolate, sizes"] = (x => functional.interpolate(x, [9L, 4L]), x => TracedOps.interpolate(x, [9L, 4L])),
        ["interpolate, odd factors"] = (x => functional.interpolate(x, scale_factor: [0.7, 1.3]), x => TracedOps.interpolate(x, scale_factor: [0.7, 1.3])),
        ["interpolate, exact"] = (
            x => functional.interpolate(x, [9L, 20L], mode: InterpolationMode.NearestExact),
            x => TracedOps.interpolate(x, [9L, 20L], mode: InterpolationMode.NearestExact)),
        ["interpolate, bilinear"] = (
            x => functional.interpolate(x, [12L, 16L], mode: InterpolationMode.Bilinear),
            x => TracedOps.interpolate(x, [12L, 16L], mode: InterpolationMode.Bilinear)),
        ["interpolate, bilinear by factors"] = (
            x => functional.interpolate(x, scale_factor: [1.5, 2.5], mode: InterpolationMode.Bilinear),
            x => TracedOps.interpolate(x, scale_factor: [1.5, 2.5], mode: InterpolationMode.Bilinear)),
        ["interpolate, bilinear, recomputed"] = (
            x => functional.interpolate(x, scale_factor: [1.3, 0.7], mode: InterpolationMode.Bilinear, recompute_scale_factor: true),
            x => TracedOps.interpolate(x, scale_factor: [1.3, 0.7], mode: InterpolationMode.Bilinear, recompute_scale_factor: true)),
        ["interpolate, bilinear, aligned"] = (
            x => functional.interpolate(x, [7L, 13L], mode: InterpolationMode.Bilinear, align_corners: true),
            x => TracedOps.interpolate(x, [7L, 13L], mode: InterpolationMode.Bilinear, align_corners: true)),
        ["interpolate, bilinear, smaller"] = (
            x => functional.interpolate(x, [3L, 5L], mode: InterpolationMode.Bilinear),
            x => TracedOps.interpolate(x, [3L, 5L], mode: InterpolationMode.Bilinear)),
        ["interpolate, bicubic"] = (
            x => functional.interpolate(x, [9L, 12L], mode: InterpolationMode.Bicubic),
            x => TracedOps.interpolate(x, [9L, 12L], mode: InterpolationMode.Bicubic)),
        ["interpolate, area"] = (
            x => functional.interpolate(x, [3L, 4L], mode: InterpolationMode.Area),
            x => TracedOps.interpolate(x, [3L, 4L], mode: InterpolationMode.Area)),
        ["interpolate, of a sequence"] = (
            x => functional.interpolate(x.flatten(2), [60L], mode: InterpolationMode.Linear),
            x => TracedOps.interpolate(x.flatten(2), [60L], mode: InterpolationMode.Linear)),
        ["interpolate, nearest of a sequence"] = (
            x => functional.interpolate(x.flatten(2), scale_factor: [2.0]),
            x => TracedOps.interpolate(x.flatten(2), scale_factor: [2.0])),
        ["interpolate, of a volume"] = (
            x => functional.interpolate(x.unsqueeze(2), [2L, 9L, 9L], mode: InterpolationMode.Trilinear),
            x => TracedOps.interpolate(x.unsqueeze(2), [2L, 9L, 9L], mode: InterpolationMode.Trilinear)),
        ["pixel_shuffle"] = (x => functional.pixel_shuffle(x, 2), x => TracedOps.pixel_shuffle(x, 2)),
        ["pixel_unshuffle"] = (x => functional.pixel_unshuffle(x, 2), x => TracedOps.pixel_unshuffle(x, 2)),
        ["pad of a pair"] = (x => functional.pad(x, (1L, 2L)), x => TracedOps.pad(x, (1L, 2L))),
        ["pad of four"] = (x => functional.pad(x, (1L, 2L, 0L, 1L), PaddingModes.Replicate), x => TracedOps.pad(x, (1L, 2L, 0L, 1L), PaddingModes.Replicate)),
        ["pad by a negative size"] = (x => functional.pad(x, [-1L, 2L]), x => TracedOps.pad(x, [-1L, 2L])),
        ["conv1d"] = (
            x => functional.conv1d(x.flatten(2), s_weight, s_bias, stride: 2, padding: 1),
            x => TracedOps.conv1d(x.flatten(2), s_weight, s_bias, stride: 2, padding: 1)),
        ["conv3d"] = (
            x => functional.conv3d(x.unsqueeze(2), s_weight.unsqueeze(2).unsqueeze(2), padding: [0L, 1L, 2L]),
            x => TracedOps.conv3d(x.unsqueeze(2), s_weight.unsqueeze(2).unsqueeze(2), padding: [0L, 1L, 2L])),
        ["conv_transpose1d"] = (
            x => functional.conv_transpose1d(x.flatten(2), s_weight.transpose(0, 1), stride: 3, output_padding: 1),
            x => TracedOps.conv_transpose1d(x.flatten(2), s_weight.transpose(0, 1), stride: 3, output_padding: 1)),
        ["conv_transpose2d"] = (
            x => functional.conv_transpose2d(x, s_weight.transpose(0, 1).unsqueeze(2), strides: [1L, 2L], padding: [0L, 1L]),
            x => TracedOps.conv_transpose2d(x, s_weight.transpose(0, 1).unsqueeze(2), strides: [1L, 2L], padding: [0L, 1L])),
        ["max_pool1d"] = (
            x => functional.max_pool1d(x.flatten(2), 3, stride: 2, padding: 1),
            x => TracedOps.max_pool1d(x.flatten(2), 3, stride: 2, padding: 1)),
        ["max_pool3d"] = (x => functional.max_pool3d(x.unsqueeze(2), [1L, 2L, 2L]), x => TracedOps.max_pool3d(x.unsqueeze(2), [1L, 2L, 2L])),
        ["avg_pool1d"] = (x => functional.avg_pool1d(x.flatten(2), 4), x => TracedOps.avg_pool1d(x.flatten(2), 4)),
        ["avg_pool3d"] = (x => functional.avg_pool3d(x.unsqueeze(2), [1L, 3L, 2L]), x => TracedOps.avg_pool3d(x.unsqueeze(2), [1L, 3L, 2L])),
        ["adaptive_avg_pool1d"] = (x => functional.adaptive_avg_pool1d(x.flatten(2), 12), x => TracedOps.adaptive_avg_pool1d(x.flatten(2), 12)),
        ["adaptive_avg_pool3d"] = (
            x => functional.adaptive_avg_pool3d(x.unsqueeze(2), (1L, 2L, 4L)),
            x => TracedOps.adaptive_avg_pool3d(x.unsqueeze(2), (1L, 2L, 4L))),
        ["adaptive_max_pool1d"] = (x => functional.adaptive_max_pool1d(x.flatten(2), 6), x => TracedOps.adaptive_max_pool1d(x.flatten(2), 6)),
        ["adaptive_max_pool2d"] = (x => functional.adaptive_max_pool2d(x, [3L, 4L]), x => TracedOps.adaptive_max_pool2d(x, [3L, 4L])),
        ["dropouts"] = (x => functional.dropout2d(functional.alpha_dropout(x), 0.5, false), x => TracedOps.dropout2d(TracedOps.alpha_dropout(x), 0.5, false)),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_computes_the_same_in_onnx_runtime_for_any_batch_size(string operation)
        => OperationCheck.AnyBatch(s_cases[operation].Eager, s_cases[operation].Traced, 4, 6, 8);

    [Fact]
    public void An_interpolation_with_antialias_is_refused()
        => Assert.Throws<NotSupportedException>(
            () => OperationCheck.AnyBatch(x => x, x => TracedOps.interpolate(x, [2, 2], mode: InterpolationMode.Bilinear, antialias: true), 4, 6, 8));
}
