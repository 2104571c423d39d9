using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

/// <summary>Constants that leave the dispose scope that they were made in stay what they are until the export is done.</summary>
public sealed class ConstantScopeTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public ConstantScopeTests() => manual_seed(31);

    public void Dispose() => _scope.Dispose();

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["moved to the outer scope"] = (
            x =>
            {
                return x + Helper();
                static Tensor Helper()
                {
                    using var scope = NewDisposeScope();
                    Tensor half = ones(4) * 0.5;
                    return half.MoveToOuterDisposeScope();
                }
            },
            x =>
            {
                return x + Helper();
                static TracedTensor Helper()
                {
                    using var scope = NewDisposeScope();
                    TracedTensor half = ones(4) * 0.5;
                    return half.MoveToOuterDisposeScope();
                }
            }
        ),
        ["moved by the scope"] = (
            x =>
            {
                return x + Helper();
                static Tensor Helper()
                {
                    using var scope = NewDisposeScope();
                    Tensor half = ones(4) * 0.5;
                    return scope.MoveToOuter(half);
                }
            },
            x =>
            {
                return x + Helper();
                static TracedTensor Helper()
                {
                    using var scope = NewDisposeScope();
                    TracedTensor half = (TracedTensor)(ones(4) * 0.5);
                    scope.MoveToOuter(half);
                    return half;
                }
            }
        ),
        ["moved to another scope"] = (
            x =>
            {
                using var outer = NewDisposeScope();
                Tensor half;
                using (NewDisposeScope())
                {
                    half = (ones(4) * 0.5).MoveToOtherDisposeScope(outer);
                }

                return (x + half).MoveToOuterDisposeScope();
            },
            x =>
            {
                using var outer = NewDisposeScope();
                TracedTensor half;
                using (NewDisposeScope())
                {
                    half = ((TracedTensor)(ones(4) * 0.5)).MoveToOtherDisposeScope(outer);
                }

                return (x + half).MoveToOuterDisposeScope();
            }
        ),
        ["detached"] = (
            x =>
            {
                Tensor half;
                using (NewDisposeScope())
                {
                    half = (ones(4) * 0.5).DetachFromDisposeScope();
                }

                using (half)
                {
                    return x + half;
                }
            },
            x =>
            {
                TracedTensor half;
                using (NewDisposeScope())
                {
                    half = ((TracedTensor)(ones(4) * 0.5)).DetachFromDisposeScope();
                }

                using (half)
                {
                    return x + half;
                }
            }
        ),
        ["computed of constants"] = (
            x =>
            {
                Tensor table;
                using (NewDisposeScope())
                {
                    Tensor rows = arange(0, 4).to(ScalarType.Float32);
                    table = (rows.unsqueeze(0) * rows.unsqueeze(1)).exp().flatten(0, 1).view(4, 4).MoveToOuterDisposeScope();
                }

                return x.matmul(table);
            },
            x =>
            {
                TracedTensor table;
                using (NewDisposeScope())
                {
                    TracedTensor rows = arange(0, 4).to(ScalarType.Float32);
                    table = (rows.unsqueeze(0) * rows.unsqueeze(1)).exp().flatten(0, 1).view(4, 4).MoveToOuterDisposeScope();
                }

                return x.matmul(table);
            }
        ),
        ["disposed at the end"] = (
            x =>
            {
                using Tensor one = ones(4), two = one * 2;
                return x / two;
            },
            x =>
            {
                using TracedTensor one = ones(4), two = one * 2;
                return x / two;
            }
        ),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_constant_lives_as_long_as_in_CSharp(string name)
    {
        (Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced) = s_cases[name];
        TracedFunction model = new(eager, traced);
        Tensor input = randn(3, 4);

        using ExportedModel exported = ExportedModel.Of(model, input, OnnxTarget.Float);

        Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
    }

    [Fact]
    public void A_tensor_that_is_not_the_traces_own_is_not_disposed_by_it()
    {
        Tensor mask = rand(4);
        TracedFunction model = new(x => x * mask, x => (x * mask) + ((TracedTensor)mask).alias());
        using ExportedModel exported = ExportedModel.Of(model, randn(3, 4), OnnxTarget.Float);

        Assert.False(mask.IsInvalid);
        Assert.Single(exported.Written.Graph.Initializer);
    }
}
