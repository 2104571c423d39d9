using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx;

/// <summary>Indexing, pieces, repetitions and types.</summary>
public sealed class TracedIndexingTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public TracedIndexingTests() => manual_seed(5);

    public void Dispose() => _scope.Dispose();

    private static readonly Tensor s_indices = tensor(new long[,] { { 0, 2 }, { -1, 3 }, { 5, 1 } }).DetachFromDisposeScope();

    private static readonly Tensor s_pair = tensor(new long[] { 2, 0 }).DetachFromDisposeScope();

    private static readonly Tensor s_row = arange(0, 8).to(ScalarType.Float32).reshape(1, 8).DetachFromDisposeScope();

    // Each over [N, 3, 6, 8].
    private static readonly Dictionary<string, (Func<Tensor, Tensor> Eager, Func<TracedTensor, TracedTensor> Traced)> s_cases = new()
    {
        ["one index"] = (x => x[0], x => x[0]),
        ["an index from the end"] = (x => x[-1], x => x[-1]),
        ["two indices"] = (x => x[0, 1], x => x[0, 1]),
        ["three indices"] = (x => x[0, -1, 2], x => x[0, -1, 2]),
        ["four indices"] = (x => x[0, 1, 2, 3], x => x[0, 1, 2, 3]),
        ["a range"] = (x => x[.., 1..3], x => x[.., 1..3]),
        ["ranges from the end"] = (x => x[.., ..^1, ^4.., ^1], x => x[.., ..^1, ^4.., ^1]),
        ["a range over the batch"] = (x => x[1..], x => x[1..]),
        ["ellipsis"] = (x => x[TensorIndex.Ellipsis, 2], x => x[TensorIndex.Ellipsis, 2]),
        ["ellipsis between"] = (x => x[.., TensorIndex.Ellipsis, 1..], x => x[.., TensorIndex.Ellipsis, 1..]),
        ["a new axis"] = (x => x[.., TensorIndex.None, 1], x => x[.., TensorIndex.None, 1]),
        ["null"] = (x => x[TensorIndex.Null, .., 1], x => x[TensorIndex.Null, .., 1]),
        ["a slice with a step"] = (x => x[.., .., TensorIndex.Slice(0, null, 2)], x => x[.., .., TensorIndex.Slice(0, null, 2)]),
        ["a slice with a start, an end and a step"] = (x => x[.., .., .., TensorIndex.Slice(1, -1, 3)], x => x[.., .., .., TensorIndex.Slice(1, -1, 3)]),
        ["a slice that reaches too far"] = (x => x[.., 1..100], x => x[.., 1..100]),
        ["all"] = (x => x[.., .., TensorIndex.Colon, TensorIndex.Slice()], x => x[.., .., TensorIndex.Colon, TensorIndex.Slice()]),
        ["a pair"] = (x => x[.., (1, 3)], x => x[.., (1, 3)]),
        ["a tensor of indices"] = (x => x[.., .., TensorIndex.Tensor(s_indices)], x => x[.., .., TensorIndex.Tensor(s_indices)]),
        ["a tensor of indices in front"] = (
            x => x[TensorIndex.Tensor(zeros(3, dtype: ScalarType.Int64))],
            x => x[TensorIndex.Tensor(zeros(3, dtype: ScalarType.Int64))]),
        ["two tensors of indices"] = (
            x => x[.., TensorIndex.Tensor(s_pair), TensorIndex.Tensor(s_pair)],
            x => x[.., TensorIndex.Tensor(s_pair), TensorIndex.Tensor(s_pair)]),
        ["two tensors of indices apart"] = (
            x => x[.., TensorIndex.Tensor(s_pair), 1.., TensorIndex.Tensor(s_pair)],
            x => x[.., TensorIndex.Tensor(s_pair), 1.., TensorIndex.Tensor(s_pair)]),
        ["two tensors of indices that broadcast"] = (
            x => x[.., TensorIndex.Tensor(s_pair.unsqueeze(1)), .., TensorIndex.Tensor(s_pair)],
            x => x[.., TensorIndex.Tensor(s_pair.unsqueeze(1)), .., TensorIndex.Tensor(s_pair)]),
        ["select"] = (x => x.select(1, -1), x => x.select(1, -1)),
        ["select of the batch"] = (x => x.select(0, 0), x => x.select(0, 0)),
        ["narrow"] = (x => x.narrow(-1, 2, 3), x => x.narrow(-1, 2, 3)),
        ["narrow of the batch"] = (x => x.narrow(0, 0, x.shape[0]), x => x.narrow(0, 0, x.shape[0])),
        ["slice"] = (x => x.slice(2, -5, 100, 2), x => x.slice(2, -5, 100, 2)),
        ["chunk"] = (x => x.chunk(2, -1)[1], x => x.chunk(2, -1)[1]),
        ["chunk, uneven"] = (x => x.chunk(2, 1)[1], x => x.chunk(2, 1)[1]),
        ["chunk by the function"] = (x => torch.chunk(x, 3, dim: 1)[2], x => TracedOps.chunk(x, 3, dim: 1)[2]),
        ["split"] = (x => x.split(4, 2)[1], x => x.split(4, 2)[1]),
        ["split into sizes"] = (x => x.split([1L, 5L], 2)[1], x => x.split([1L, 5L], 2)[1]),
        ["tensor_split"] = (x => x.tensor_split(4, -1)[3], x => x.tensor_split(4, -1)[3]),
        ["tensor_split at indices"] = (x => x.tensor_split([1L, 2L], 1)[1], x => x.tensor_split([1L, 2L], 1)[1]),
        ["unbind"] = (x => x.unbind(1)[2] * x.unbind(1)[0], x => x.unbind(1)[2] * x.unbind(1)[0]),
        ["expand"] = (x => x[.., ..1].expand(-1, 4, -1, -1), x => x[.., ..1].expand(-1, 4, -1, -1)),
        ["expand to more dimensions"] = (x => x.expand(2, -1, -1, -1, -1), x => x.expand(2, -1, -1, -1, -1)),
        ["expand by the size of the batch"] = (x => s_row.expand(x.shape[0], 8) + x[.., 0, 0], x => s_row.expand(x.shape[0], 8) + x[.., 0, 0]),
        ["expand_as"] = (x => x[.., ..1].expand_as(x) * x, x => x[.., ..1].expand_as(x) * x),
        ["broadcast_to"] = (x => x.mean([2], keepdim: true).broadcast_to(x.shape), x => x.mean([2], keepdim: true).broadcast_to(x.shape)),
        ["repeat"] = (x => x.repeat(1, 2, 1, 3), x => x.repeat(1, 2, 1, 3)),
        ["repeat to more dimensions"] = (x => x.repeat(2, 1, 1, 1, 1), x => x.repeat(2, 1, 1, 1, 1)),
        ["repeat of the batch"] = (x => x.repeat(3, 1, 1, 1), x => x.repeat(3, 1, 1, 1)),
        ["repeat a constant for each sample"] = (x => x[.., 0, 0] + s_row.repeat(x.shape[0], 1), x => x[.., 0, 0] + s_row.repeat(x.shape[0], 1)),
        ["tile"] = (x => x.tile([2L]), x => x.tile([2L])),
        ["repeat_interleave"] = (x => x.repeat_interleave(2, 1), x => x.repeat_interleave(2, 1)),
        ["stack"] = (x => torch.stack([x, x * 2], 1), x => TracedOps.stack([x, x * 2], 1)),
        ["stack, negative"] = (x => torch.stack([x, x * 2, x], -1), x => TracedOps.stack([x, x * 2, x], -1)),
        ["stack in front"] = (x => torch.stack(new[] { x, x }), x => TracedOps.stack(new[] { x, x })),
        ["flip"] = (x => x.flip(-1, 1), x => x.flip(-1, 1)),
        ["roll"] = (x => x.roll(2, -1), x => x.roll(2, -1)),
        ["roll back"] = (x => x.roll(-7, 2), x => x.roll(-7, 2)),
        ["roll of two dimensions"] = (x => torch.roll(x, [1L, -3L], [2L, 3L]), x => TracedOps.roll(x, [1L, -3L], [2L, 3L])),
        ["movedim"] = (x => x.movedim([1L], [3L]), x => x.movedim([1L], [3L])),
        ["unflatten"] = (x => x.unflatten(3, 2, -1), x => x.unflatten(3, 2, -1)),
        ["ravel"] = (x => x.ravel(), x => x.ravel()),
        ["swapaxes"] = (x => x.swapaxes(1, 2), x => x.swapaxes(1, 2)),
        ["mT"] = (x => x.mT, x => x.mT),
        ["to the same type"] = (
            x => x.to(ScalarType.Float32).to_type(ScalarType.Float32).type_as(x).@float(),
            x => x.to(ScalarType.Float32).to_type(ScalarType.Float32).type_as(x).@float()),
        ["to another type and back"] = (x => x.to(ScalarType.Float64).@float() + x, x => x.to(ScalarType.Float64).@float() + x),
        ["to integers"] = (x => (x * 10).to(ScalarType.Int64), x => (x * 10).to(ScalarType.Int64)),
        ["to truth values"] = (x => x.relu().@bool(), x => x.relu().@bool()),
        ["integers and numbers"] = (x => x.@long() * 2 + 1 + x.@int() * 0.5, x => x.@long() * 2 + 1 + x.@int() * 0.5),
        ["a number in integers"] = (x => (x * 3).@long() / 2, x => (x * 3).@long() / 2),
        ["half of the batch doubled"] = (
            x => torch.cat([x, x], 0)[TensorIndex.Slice(0, x.shape[0])],
            x => TracedOps.cat([x, x], 0)[TensorIndex.Slice(0, x.shape[0])]),
        ["chunks of the batch"] = (x => torch.cat([x, x * 2], 0).chunk(2, 0)[1], x => TracedOps.cat([x, x * 2], 0).chunk(2, 0)[1]),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void It_computes_the_same_in_onnx_runtime_for_any_batch_size(string operation)
        => OperationCheck.AnyBatch(s_cases[operation].Eager, s_cases[operation].Traced, 3, 6, 8);

    [Fact]
    public void A_mask_that_chooses_elements_is_refused()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(
            () => OperationCheck.AnyBatch(x => x, x => x[TensorIndex.Tensor(tensor(new[] { true, false }))], 3));

        Assert.Equal(
            "How many elements a mask chooses is known only when the model runs, so that x[mask] cannot be exported; use where or masked_fill.", error.Message);
    }

    [Fact]
    public void An_expanded_tensor_is_not_changed_in_place()
    {
        NotSupportedException error = Assert.Throws<NotSupportedException>(() => OperationCheck.AnyBatch(x => x, x => x[.., ..1].expand(-1, 3).relu_(), 3));

        Assert.StartsWith("An expanded tensor is changed in place", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Indices_outside_of_a_dimension_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => OperationCheck.AnyBatch(x => x, x => x[.., 3], 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => OperationCheck.AnyBatch(x => x, x => x.narrow(1, 2, 2), 3));
    }
}
