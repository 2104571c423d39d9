using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

public sealed class TracedOperationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedOperationTests() => manual_seed(3);

    public void Dispose() => _scope.Dispose();

    private static readonly Tensor s_channels = arange(1, 4).to(ScalarType.Float32).reshape(3, 1, 1).DetachFromDisposeScope();

    private static readonly Tensor s_matrix = (arange(0, 40).to(ScalarType.Float32).reshape(8, 5) / 40).DetachFromDisposeScope();

    // Each over [N, 3, 6, 8].
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["numbers"] = (x => (2 * x + 1 - x / 4f) / 3.0, x => (2 * x + 1 - x / 4f) / 3.0),
        ["number on the left"] = (x => 1 - x + 2 / (x * x + 1), x => 1 - x + 2 / (x * x + 1)),
        ["tensors"] = (x => x * x - x + -x, x => x * x - x + -x),
        ["constants"] = (x => (x + s_channels) * s_channels, x => (x + s_channels) * s_channels),
        ["constant on the left"] = (x => s_channels * x, x => s_channels * x),
        ["in place"] = (InPlace, InPlace),
        ["compound assignment"] = (AddToItself, AddToItself),
        ["alpha"] = (x => add(x, x.relu(), 0.5), x => TracedOps.add(x, x.relu(), 0.5)),
        ["abs, sqrt, exp"] = (x => x.abs().sqrt().neg().exp(), x => x.abs().sqrt().neg().exp()),
        ["relu"] = (x => functional.relu(x), x => TracedOps.relu(x)),
        ["relu6"] = (x => functional.relu6(x * 10), x => TracedOps.relu6(x * 10)),
        ["leaky_relu"] = (x => functional.leaky_relu(x, 0.2), x => TracedOps.leaky_relu(x, 0.2)),
        ["elu"] = (x => functional.elu(x, 1.5), x => TracedOps.elu(x, 1.5)),
        ["sigmoid"] = (x => sigmoid(x), x => TracedOps.sigmoid(x)),
        ["tanh"] = (x => x.tanh(), x => x.tanh()),
        ["silu"] = (x => functional.silu(x), x => TracedOps.silu(x)),
        ["hardswish"] = (x => functional.hardswish(x * 3), x => TracedOps.hardswish(x * 3)),
        ["hardsigmoid"] = (x => functional.hardsigmoid(x * 3), x => TracedOps.hardsigmoid(x * 3)),
        ["gelu"] = (x => functional.gelu(x), x => TracedOps.gelu(x)),
        ["softmax"] = (x => softmax(x, 1), x => TracedOps.softmax(x, 1)),
        ["log_softmax"] = (x => functional.log_softmax(x, -1), x => TracedOps.log_softmax(x, -1)),
        ["clamp"] = (x => x.clamp(-0.5, 0.25), x => x.clamp(-0.5, 0.25)),
        ["clamp from below"] = (x => x.clamp(min: 0.1), x => x.clamp(min: 0.1)),
        ["clamp from above"] = (x => x.clamp(max: 0.1), x => x.clamp(max: 0.1)),
        ["dropout"] = (x => functional.dropout(x, 0.5, training: false), x => TracedOps.dropout(x, 0.5, training: false)),
        ["flatten"] = (x => flatten(x, 1), x => TracedOps.flatten(x, 1)),
        ["flatten some"] = (x => x.flatten(1, 2), x => x.flatten(1, 2)),
        ["flatten the batch too"] = (x => x.flatten(0, 1), x => x.flatten(0, 1)),
        ["view by the input's size"] = (x => x.view(x.shape[0], -1), x => x.view(x.shape[0], -1)),
        ["view by size()"] = (x => x.view(x.size(0), 3, 48), x => x.view(x.size(0), 3, 48)),
        ["view with the batch left over"] = (x => x.view(-1, 144), x => x.view(-1, 144)),
        ["view through a merged batch"] = (x => x.view(-1, 48).view(-1, 3, 48), x => x.view(-1, 48).view(-1, 3, 48)),
        ["reshape behind a transpose"] = (
            x => x.permute(1, 0, 2, 3).reshape(3, x.shape[0], 48).transpose(0, 1), x => x.permute(1, 0, 2, 3).reshape(3, x.shape[0], 48).transpose(0, 1)),
        ["squeeze"] = (x => x.mean([2], keepdim: true).squeeze(2), x => x.mean([2], keepdim: true).squeeze(2)),
        ["unsqueeze"] = (x => x.unsqueeze(1).squeeze(1) + x.unsqueeze(-1).squeeze(-1), x => x.unsqueeze(1).squeeze(1) + x.unsqueeze(-1).squeeze(-1)),
        ["mean over space"] = (x => x.mean([2, 3]), x => x.mean([2, 3])),
        ["mean, negative dimensions"] = (x => mean(x, [-1, -2], keepdim: true) * x, x => TracedOps.mean(x, [-1, -2], keepdim: true) * x),
        ["matmul"] = (x => matmul(x, s_matrix), x => TracedOps.matmul(x, s_matrix)),
        ["matmul of two"] = (x => x.matmul(x.transpose(-1, -2)), x => x.matmul(x.transpose(-1, -2))),
        ["linear"] = (x => functional.linear(x, s_matrix.t()), x => TracedOps.linear(x, s_matrix.t())),
        ["cat"] = (x => cat([x, x.relu()], 1), x => TracedOps.cat([x, x.relu()], 1)),
        ["cat, negative"] = (x => cat([x, x * 2, x], -1), x => TracedOps.cat([x, x * 2, x], -1)),
        ["max_pool2d"] = (x => functional.max_pool2d(x, 2), x => TracedOps.max_pool2d(x, 2)),
        ["max_pool2d, padded"] = (x => functional.max_pool2d(x, 3, stride: 2, padding: 1), x => TracedOps.max_pool2d(x, 3, stride: 2, padding: 1)),
        ["max_pool2d, rounded up"] = (x => functional.max_pool2d(x, 3, stride: 3, ceil_mode: true), x => TracedOps.max_pool2d(x, 3, stride: 3, ceil_mode: true)),
        ["max_pool2d, padded and rounded up"] = (
            x => functional.max_pool2d(x, 3, stride: 3, padding: 1, ceil_mode: true), x => TracedOps.max_pool2d(x, 3, stride: 3, padding: 1, ceil_mode: true)),
        ["max_pool2d, pairs"] = (x => functional.max_pool2d(x, (2, 3), (1, 2)), x => TracedOps.max_pool2d(x, (2, 3), (1, 2))),
        ["avg_pool2d, pairs"] = (x => functional.avg_pool2d(x, (2, 3), (1, 2)), x => TracedOps.avg_pool2d(x, (2, 3), (1, 2))),
        ["identity"] = (x => x, x => x),
        ["avg_pool2d"] = (x => functional.avg_pool2d(x, 2), x => TracedOps.avg_pool2d(x, 2)),
        ["avg_pool2d, padded"] = (x => functional.avg_pool2d(x, 3, stride: 1, padding: 1), x => TracedOps.avg_pool2d(x, 3, stride: 1, padding: 1)),
        ["avg_pool2d, padding not counted"] = (
            x => functional.avg_pool2d(x, 3, stride: 1, padding: 1, count_include_pad: false),
            x => TracedOps.avg_pool2d(x, 3, stride: 1, padding: 1, count_include_pad: false)),
        ["avg_pool2d, rounded up"] = (x => functional.avg_pool2d(x, 3, stride: 3, ceil_mode: true), x => TracedOps.avg_pool2d(x, 3, stride: 3, ceil_mode: true)),
        ["adaptive_avg_pool2d"] = (x => functional.adaptive_avg_pool2d(x, 1), x => TracedOps.adaptive_avg_pool2d(x, 1)),
        ["adaptive_avg_pool2d, larger"] = (x => functional.adaptive_avg_pool2d(x, (3, 2)), x => TracedOps.adaptive_avg_pool2d(x, (3, 2))),
        ["pad"] = (x => functional.pad(x, [1L, 2L, 0L, 3L], value: 0.5), x => TracedOps.pad(x, [1L, 2L, 0L, 3L], value: 0.5)),
        ["pad by reflection"] = (x => functional.pad(x, [1L, 2L, 3L, 0L], PaddingModes.Reflect), x => TracedOps.pad(x, [1L, 2L, 3L, 0L], PaddingModes.Reflect)),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_operation_computes_the_same_in_onnx_runtime_for_any_batch_size(string operation)
    {
        (Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced) = s_cases[operation];
        using ExportedModel exported = ExportedModel.Of(new TracedFunction(eager, traced), randn(2, 3, 6, 8), OnnxTarget.Float);

        Tensor input = randn(5, 3, 6, 8);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(new TracedFunction(eager, traced), input), exported.Run(input)), 0, 1e-5f);
    }

    [Fact]
    public void A_convolution_with_given_weights_is_exported()
    {
        Tensor weight = randn(4, 1, 3, 3), bias = randn(4);
        TracedFunction model = new(
            x => functional.conv2d(x, weight, bias, strides: [2, 1], padding: [1, 0], groups: 2),
            x => TracedOps.conv2d(x, weight, bias, strides: [2, 1], padding: [1, 0], groups: 2));
        using ExportedModel exported = ExportedModel.Of(model, randn(2, 2, 6, 8), OnnxTarget.Float);

        Tensor input = randn(3, 2, 6, 8);
        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
    }

    private static Tensor InPlace(Tensor x)
    {
        x = x + 0;
        var y = x;
        y.add_(x).relu_();
        x.mul_(2);
        return x + y;
    }

    private static TracedTensor InPlace(TracedTensor x)
    {
        x = x + 0;
        var y = x;
        y.add_(x).relu_();
        x.mul_(2);
        return x + y;
    }

    private static Tensor AddToItself(Tensor x)
    {
        x += x.relu();
        return x;
    }

    private static TracedTensor AddToItself(TracedTensor x)
    {
        x += x.relu();
        return x;
    }
}
