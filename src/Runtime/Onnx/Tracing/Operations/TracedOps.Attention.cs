using QuantGen.Onnx.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Products of many tensors, and tables.
public static partial class TracedOps
{
    /// <summary>Softmax(query · keyᵀ / √size + mask) · value.</summary>
    /// <param name="query">The queries, [N, …, L, E].</param>
    /// <param name="key">The keys, [N, …, S, E].</param>
    /// <param name="value">The values, [N, …, S, Ev].</param>
    /// <param name="attn_mask">Numbers to add, or truth values, false for pairs that do not count; [N, …, L, S] or what broadcasts to it.</param>
    /// <param name="p">The share that drops out: 0 in an export.</param>
    /// <param name="is_casual">Whether a query counts keys up to its own place only.</param>
    /// <exception cref="NotSupportedException"><paramref name="p"/> is not 0: this function drops out in evaluation, too.</exception>
    public static TracedTensor scaled_dot_product_attention(
        TracedTensor query, TracedTensor key, TracedTensor value, TracedTensor? attn_mask = null, double p = 0, bool is_casual = false)
    {
        if (p != 0)
        {
            throw new NotSupportedException(
                "scaled_dot_product_attention drops out in evaluation, too, which cannot be exported; pass p = 0 unless the module is training.");
        }

        TracedTensor scores = query.matmul(key.transpose(-2, -1)).mul(1 / Math.Sqrt(query.shape[^1]));
        if (is_casual)
        {
            Tensor before = ones(query.shape[^2], key.shape[^2], dtype: ScalarType.Bool, device: query.device).tril();
            scores = scores.masked_fill(before.logical_not(), double.NegativeInfinity);
        }

        if (attn_mask is not null)
        {
            scores = attn_mask.dtype == ScalarType.Bool ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity) : scores.add(attn_mask);
        }

        return scores.softmax(-1).matmul(value);
    }

    /// <summary>Sums of products by an equation of indices, such as <c>bij,bjk-&gt;bik</c>.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="tensors">The tensors.</param>
    public static TracedTensor einsum(string equation, params TracedTensor[] tensors)
    {
        Tensor result = torch.einsum(equation, [.. tensors.Select(tensor => tensor.Value)]);
        return TracedTensor.Record("Einsum", result, [.. tensors.Select(tensor => tensor.As(result.dtype))], ("equation", equation));
    }

    /// <inheritdoc cref="TracedTensor.gather"/>
    public static TracedTensor gather(TracedTensor input, long dim, TracedTensor index) => input.gather(dim, index);

    /// <inheritdoc cref="TracedTensor.index_select"/>
    public static TracedTensor index_select(TracedTensor input, long dim, TracedTensor index) => input.index_select(dim, index);

    /// <inheritdoc cref="TracedTensor.scatter"/>
    public static TracedTensor scatter(TracedTensor input, long dim, TracedTensor index, TracedTensor src) => input.scatter(dim, index, src);

    /// <inheritdoc cref="TracedTensor.zeros_like"/>
    public static TracedTensor zeros_like(
        TracedTensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => input.zeros_like(dtype);

    /// <inheritdoc cref="TracedTensor.ones_like"/>
    public static TracedTensor ones_like(
        TracedTensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => input.ones_like(dtype);

    /// <inheritdoc cref="TracedTensor.full_like"/>
    public static TracedTensor full_like(
        TracedTensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => input.full_like(value, dtype);

    /// <summary>For each integer, a vector with 1 at its place and 0 elsewhere.</summary>
    /// <param name="x">The integers.</param>
    /// <param name="num_classes">The size of the vectors.</param>
    /// <exception cref="NotSupportedException">The size is left to the values.</exception>
    public static TracedTensor one_hot(TracedTensor x, long num_classes = -1) => num_classes < 0
        ? throw new NotSupportedException("one_hot without a number of classes depends on values and cannot be exported; pass num_classes.")
        : x.unsqueeze(-1).eq(TracedTensor.FromTensor(arange(0, num_classes, dtype: ScalarType.Int64, device: x.device))).to(ScalarType.Int64);

    /// <summary>The rows of a table at indices.</summary>
    internal static TracedTensor Rows(TracedTensor table, TracedTensor indices) => TracedIndexing.Gather(table, 0, indices);
}
