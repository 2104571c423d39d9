using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>The activations of TorchSharp, as functions and methods.</summary>
public sealed class TracedActivationTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedActivationTests() => manual_seed(5);

    public void Dispose() => _scope.Dispose();

    private static readonly Tensor s_slopes = tensor(new[] { 0.1f, -0.5f, 0.25f, 2f }).DetachFromDisposeScope();

    // Each over [N, 4, 6, 8].
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["selu"] = (x => functional.selu(x), x => TracedOps.selu(x)),
        ["celu"] = (x => functional.celu(x, 0.7), x => TracedOps.celu(x, 0.7)),
        ["mish"] = (x => functional.mish(x), x => TracedOps.mish(x)),
        ["softsign"] = (x => functional.softsign(x), x => TracedOps.softsign(x)),
        ["tanhshrink"] = (x => functional.tanhshrink(x), x => TracedOps.tanhshrink(x)),
        ["threshold"] = (x => functional.threshold(x, 0.25, -3), x => TracedOps.threshold(x, 0.25, -3)),
        ["hardtanh in place"] = (x => functional.hardtanh(x + 0, -0.5, 0.75, inplace: true), x => TracedOps.hardtanh(x + 0, -0.5, 0.75, inplace: true)),
        ["rrelu"] = (x => functional.rrelu(x), x => TracedOps.rrelu(x)),
        ["glu"] = (x => functional.glu(x), x => TracedOps.glu(x)),
        ["glu of channels"] = (x => functional.glu(x, 1), x => TracedOps.glu(x, 1)),
        ["softplus"] = (x => functional.softplus(x), x => TracedOps.softplus(x)),
        ["softplus with beta"] = (x => functional.softplus(x, 2), x => TracedOps.softplus(x, 2)),
        ["softplus with a threshold"] = (x => functional.softplus(x * 4, 1.5, 2), x => TracedOps.softplus(x * 4, 1.5, 2)),
        ["logsigmoid"] = (x => functional.logsigmoid(x), x => TracedOps.logsigmoid(x)),
        ["softmin"] = (x => functional.softmin(x, 1), x => TracedOps.softmin(x, 1)),
        ["softmax2d"] = (x => functional.softmax2d(x), x => TracedOps.softmax2d(x)),
        ["softshrink"] = (x => functional.softshrink(x, 0.3), x => TracedOps.softshrink(x, 0.3)),
        ["hardshrink"] = (x => functional.hardshrink(x, 0.3), x => TracedOps.hardshrink(x, 0.3)),
        ["gelu, approximate"] = (
            x => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
            x => TracedOps.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh)),
        ["prelu"] = (x => functional.prelu(x, s_slopes), x => TracedOps.prelu(x, s_slopes)),
        ["prelu of one slope"] = (x => x.prelu(s_slopes[..1]), x => x.prelu(s_slopes[..1])),
        ["softmax with a type"] = (x => functional.softmax(x, -1, ScalarType.Float32), x => TracedOps.softmax(x, -1, ScalarType.Float32)),
        ["activations in place"] = (
            x => (x + 0).leaky_relu_(0.1).elu_().silu_().hardswish_().hardsigmoid_().gelu_(),
            x => (x + 0).leaky_relu_(0.1).elu_().silu_().hardswish_().hardsigmoid_().gelu_()),
        ["more activations in place"] = (
            x => (x + 0).selu_().celu_(0.5).threshold_(-0.2, 1).hardtanh_(-1, 2).rrelu_(),
            x => (x + 0).selu_().celu_(0.5).threshold_(-0.2, 1).hardtanh_(-1, 2).rrelu_()),
        ["functions in place"] = (
            x => functional.mish(functional.softsign(functional.selu(x + 0, inplace: true), inplace: true), inplace: true),
            x => TracedOps.mish(TracedOps.softsign(TracedOps.selu(x + 0, inplace: true), inplace: true), inplace: true)),
        ["methods"] = (
            x => x.selu() + x.celu(2) + x.softplus() + x.log_sigmoid() + x.glu(2).repeat(1, 1, 2, 1) + x.threshold(0, 1) + x.rrelu(),
            x => x.selu() + x.celu(2) + x.softplus() + x.log_sigmoid() + x.glu(2).repeat(1, 1, 2, 1) + x.threshold(0, 1) + x.rrelu()),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_computes_the_same_in_onnx_runtime_for_any_batch_size(string operation)
        => OperationCheck.AnyBatch(s_cases[operation].Eager, s_cases[operation].Traced, 4, 6, 8);

    [Fact]
    public void A_hardtanh_that_does_nothing_in_TorchSharp_does_nothing_in_the_file_and_is_noted()
    {
        TracedFunction model = new(x => functional.hardtanh(x, -0.5, 0.5), x => TracedOps.hardtanh(x, -0.5, 0.5));
        using ExportedModel exported = ExportedModel.Of(model, randn(2, 8), OnnxTarget.Float);

        Tensor input = randn(3, 8) * 3;
        Assert.Equal(Comparison.Evaluate(model, input), exported.Run(input));
        Assert.StartsWith("A hardtanh does nothing, in the file as in C#", Assert.Single(exported.Report.Notes), StringComparison.Ordinal);
    }
}
