using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>Reductions, normalizations, products and what is gathered.</summary>
public sealed class TracedReductionTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedReductionTests() => manual_seed(5);

    public void Dispose() => _scope.Dispose();

    private static readonly Tensor s_channels = tensor(new[] { 0.5f, 1.5f, 2f }).DetachFromDisposeScope();

    private static readonly Tensor s_row = arange(0, 8).to(ScalarType.Float32).DetachFromDisposeScope();

    private static readonly Tensor s_table = (arange(0, 64).to(ScalarType.Float32).reshape(8, 8) / 64).DetachFromDisposeScope();

    private static readonly Tensor s_indices = tensor(new long[] { 7, 2 }).DetachFromDisposeScope();

    private static readonly Tensor s_mask = ones(6, 6, dtype: ScalarType.Bool).triu(-2).DetachFromDisposeScope();

    // Each over [N, 3, 6, 8].
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["sum"] = (x => (x + 1).sum(), x => (x + 1).sum()),
        ["sum over dimensions"] = (x => x.sum([1L, -1L]), x => x.sum([1L, -1L])),
        ["sum over one dimension"] = (x => x.sum(2, keepdim: true), x => x.sum(2, keepdim: true)),
        ["sum over two dimensions"] = (x => x.sum(1L, 2L), x => x.sum(1L, 2L)),
        ["sum of the batch"] = (x => torch.sum(x, 0L), x => TracedOps.sum(x, 0L)),
        ["sum of truth values"] = (x => (x > 0).sum(1), x => (x > 0).sum(1)),
        ["sum in another type"] = (x => x.@long().sum(1, type: ScalarType.Float32), x => x.@long().sum(1, type: ScalarType.Float32)),
        ["mean in another type"] = (x => x.@long().mean([1L], type: ScalarType.Float32), x => x.@long().mean([1L], type: ScalarType.Float32)),
        ["prod"] = (x => x.prod(-1), x => x.prod(-1)),
        ["prod of all"] = (x => torch.prod(x * 0.1 + 1), x => TracedOps.prod(x * 0.1 + 1)),
        ["norm"] = (x => x.norm(), x => x.norm()),
        ["norm over a dimension"] = (x => x.norm(1, true), x => x.norm(1, true)),
        ["norm of p 1"] = (x => x.norm(-1, p: 1f), x => x.norm(-1, p: 1f)),
        ["norm of p 3"] = (x => x.norm(1, p: 3f), x => x.norm(1, p: 3f)),
        ["largest norm"] = (x => torch.norm(x, 2, p: float.PositiveInfinity), x => TracedOps.norm(x, 2, p: float.PositiveInfinity)),
        ["logsumexp"] = (x => x.logsumexp(1), x => x.logsumexp(1)),
        ["cumsum"] = (x => x.cumsum(-1), x => x.cumsum(-1)),
        ["cumsum of integers"] = (x => torch.cumsum(x > 0, 1), x => TracedOps.cumsum(x > 0, 1)),
        ["all"] = (x => (x > -1).all(1), x => (x > -1).all(1)),
        ["any"] = (x => (x > 2).any(-1, true), x => (x > 2).any(-1, true)),
        ["any of all"] = (x => (x > 1).any(), x => (x > 1).any()),
        ["var"] = (x => x.var([1L, 2L]), x => x.var([1L, 2L])),
        ["var of all features"] = (x => x[0].var(), x => x[0].var()),
        ["var, biased"] = (x => x.var(-1, unbiased: false, keepdim: true), x => x.var(-1, unbiased: false, keepdim: true)),
        ["var of a pair"] = (x => torch.var(x, (1, 2)), x => TracedOps.var(x, (1, 2))),
        ["std"] = (x => x.std(1), x => x.std(1)),
        ["std of three"] = (x => x.std((1, 2, 3), unbiased: false), x => x.std((1, 2, 3), unbiased: false)),
        ["std over dimensions"] = (x => torch.std(x, [2L, 3L], keepdim: true), x => TracedOps.std(x, [2L, 3L], keepdim: true)),
        ["max"] = (x => x.max(), x => x.max()),
        ["max along a dimension"] = (x => x.max(1).values, x => x.max(1).values),
        ["indices of max"] = (x => x.max(-1, true).indexes, x => x.max(-1, true).indexes),
        ["min along a dimension"] = (x => torch.min(x, 2).values, x => TracedOps.min(x, 2).values),
        ["indices of min"] = (x => torch.min(x, 2).indexes, x => TracedOps.min(x, 2).indexes),
        ["min"] = (x => torch.min(x), x => TracedOps.min(x)),
        ["amax"] = (x => x.amax(1, 2), x => x.amax(1, 2)),
        ["amax, kept"] = (x => x.amax([-1L], keepdim: true), x => x.amax([-1L], keepdim: true)),
        ["amin"] = (x => torch.amin(x, [1L, 3L]), x => TracedOps.amin(x, [1L, 3L])),
        ["argmax"] = (x => x.argmax(1), x => x.argmax(1)),
        ["argmax of all"] = (x => x[0].argmax(), x => x[0].argmax()),
        ["argmin"] = (x => torch.argmin(x, -1, true), x => TracedOps.argmin(x, -1, true)),
        ["normalize"] = (x => functional.normalize(x), x => TracedOps.normalize(x)),
        ["normalize, p 1"] = (x => functional.normalize(x, 1, -1), x => TracedOps.normalize(x, 1, -1)),
        ["cosine_similarity"] = (x => functional.cosine_similarity(x, x.sin(), -1), x => TracedOps.cosine_similarity(x, x.sin(), -1)),
        ["layer_norm"] = (x => functional.layer_norm(x, [6L, 8L]), x => TracedOps.layer_norm(x, [6L, 8L])),
        ["layer_norm with weights"] = (
            x => functional.layer_norm(x, [8L], s_row, s_row - 3, 1e-3),
            x => TracedOps.layer_norm(x, [8L], s_row, s_row - 3, 1e-3)),
        ["group_norm"] = (x => functional.group_norm(x, 3), x => TracedOps.group_norm(x, 3)),
        ["group_norm with weights"] = (
            x => functional.group_norm(x, 1, s_channels, s_channels * 2),
            x => TracedOps.group_norm(x, 1, s_channels, s_channels * 2)),
        ["group_norm of sequences"] = (x => functional.group_norm(x.flatten(2), 3, s_channels), x => TracedOps.group_norm(x.flatten(2), 3, s_channels)),
        ["instance_norm"] = (x => functional.instance_norm(x), x => TracedOps.instance_norm(x)),
        ["instance_norm with weights"] = (
            x => functional.instance_norm(x, weight: s_channels, bias: s_channels),
            x => TracedOps.instance_norm(x, weight: s_channels, bias: s_channels)),
        ["instance_norm with statistics"] = (
            x => functional.instance_norm(x, s_channels, s_channels, use_input_stats: false),
            x => TracedOps.instance_norm(x, s_channels, s_channels, use_input_stats: false)),
        ["batch_norm"] = (
            x => functional.batch_norm(x, s_channels, s_channels, s_channels),
            x => TracedOps.batch_norm(x, s_channels, s_channels, s_channels)),
        ["local_response_norm"] = (x => functional.local_response_norm(x, 3, 0.5), x => TracedOps.local_response_norm(x, 3, 0.5)),
        ["local_response_norm of sequences"] = (
            x => functional.local_response_norm(x.flatten(2), 3, 0.5),
            x => TracedOps.local_response_norm(x.flatten(2), 3, 0.5)),
        ["gather"] = (x => x.gather(-1, s_indices.expand(x.shape[0], 3, 6, 2)), x => x.gather(-1, s_indices.expand(x.shape[0], 3, 6, 2))),
        ["gather by argmax"] = (x => torch.gather(x, 1, x.argmax(1, true)), x => TracedOps.gather(x, 1, x.argmax(1, true))),
        ["index_select"] = (x => x.index_select(-1, s_indices), x => x.index_select(-1, s_indices)),
        ["index_select by a traced index"] = (
            x => s_table.index_select(0, x.argmax(-1).flatten()),
            x => ((TracedTensor)s_table).index_select(0, x.argmax(-1).flatten())),
        ["scatter"] = (x => x.scatter(1, x.argmax(1, true), x.amax([1L], true) * 2), x => x.scatter(1, x.argmax(1, true), x.amax([1L], true) * 2)),
        ["x[tensor] of traced integers"] = (x => s_table[x.argmax(-1)], x => ((TracedTensor)s_table)[x.argmax(-1)]),
        ["one_hot"] = (x => functional.one_hot(x.argmax(-1), 8), x => TracedOps.one_hot(x.argmax(-1), 8)),
        ["zeros_like and ones_like"] = (
            x => torch.zeros_like(x) + x.ones_like() * x + torch.full_like(x, 2),
            x => TracedOps.zeros_like(x) + x.ones_like() * x + TracedOps.full_like(x, 2)),
        ["einsum"] = (x => torch.einsum("ncij,ncik->njk", x, x), x => TracedOps.einsum("ncij,ncik->njk", x, x)),
        ["einsum with letters left out"] = (x => torch.einsum("...ij,kj->...ik", x, s_table), x => TracedOps.einsum("...ij,kj->...ik", x, s_table)),
        ["attention"] = (x => functional.scaled_dot_product_attention(x, x * 2, x + 1), x => TracedOps.scaled_dot_product_attention(x, x * 2, x + 1)),
        ["attention with a causal mask"] = (
            x => functional.scaled_dot_product_attention(x, x * 2, x + 1, is_casual: true),
            x => TracedOps.scaled_dot_product_attention(x, x * 2, x + 1, is_casual: true)),
        ["attention with a mask of truth values"] = (
            x => functional.scaled_dot_product_attention(x, x * 2, x + 1, s_mask),
            x => TracedOps.scaled_dot_product_attention(x, x * 2, x + 1, s_mask)),
        ["attention with a mask of numbers"] = (
            x => functional.scaled_dot_product_attention(x, x * 2, x + 1, s_mask.to(ScalarType.Float32)),
            x => TracedOps.scaled_dot_product_attention(x, x * 2, x + 1, s_mask.to(ScalarType.Float32))),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_computes_the_same_in_onnx_runtime_for_any_batch_size(string operation)
        => OperationCheck.AnyBatch(s_cases[operation].Eager, s_cases[operation].Traced, 3, 6, 8);

    [Fact]
    public void Attention_that_drops_out_in_evaluation_is_refused()
        => Assert.Throws<NotSupportedException>(() => OperationCheck.AnyBatch(x => x, x => TracedOps.scaled_dot_product_attention(x, x, x, p: 0.1), 3, 4));

    [Fact]
    public void A_sum_in_a_type_of_8_bits_is_refused_since_it_is_meant_for_a_dimension()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => OperationCheck.AnyBatch(x => x, x => x.sum(0), 3));

        Assert.StartsWith("A sum in Byte cannot be exported.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Token_ids_are_looked_up_in_an_embedding()
    {
        TorchSharp.Modules.Embedding table = Embedding(5, 4);
        TracedFunction model = new(x => table.call(x.@long()), x => table.call(x.@long()), ("table", table));
        using ExportedModel exported = ExportedModel.Of(model, tensor(new float[,] { { 0, 1, 2 }, { 4, 3, 2 } }), OnnxTarget.Float);

        Tensor ids = tensor(new float[,] { { 3, 3, 0 }, { 1, 2, 4 }, { 0, 0, 1 } });
        Assert.Equal(Comparison.Evaluate(model, ids), exported.Run(ids));
        Assert.Equal([5, 4], Assert.Single(exported.Written.Graph.Initializer).Dims);
    }
}
