using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Sums, means, products and norms over dimensions.
public sealed partial class TracedTensor
{
    /// <summary>The sum of all elements.</summary>
    /// <param name="type">The type of the sum; null for that of the elements, 64 bits for integers.</param>
    public TracedTensor sum(ScalarType? type = null) => Sum(null, keepdim: false, type);

    /// <summary>Sums over dimensions.</summary>
    /// <param name="dim">The dimensions; negative ones count from the end.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type of the sums; null for that of the elements, 64 bits for integers.</param>
    public TracedTensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => Sum(dim, keepdim, type);

    /// <inheritdoc cref="sum(long[], bool, ScalarType?)"/>
    public TracedTensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) => Sum(dim.ToArray(), keepdim, type);

    /// <inheritdoc cref="sum(long[], bool, ScalarType?)"/>
    public TracedTensor sum(long dim, bool keepdim = false, ScalarType? type = null) => Sum([dim], keepdim, type);

    /// <summary>Sums over two dimensions.</summary>
    /// <param name="dim0">The one dimension; a negative one counts from the end.</param>
    /// <param name="dim1">The other.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type of the sums; null for that of the elements, 64 bits for integers.</param>
    public TracedTensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => Sum([dim0, dim1], keepdim, type);

    /// <summary>The mean of all elements.</summary>
    public TracedTensor mean() => Record("ReduceMean", Value.mean(), [this], ("keepdims", 0));

    /// <summary>The mean over some dimensions.</summary>
    /// <param name="dimensions">The dimensions; negative ones count from the end.</param>
    /// <param name="keepdim">Whether they stay, with size 1.</param>
    /// <param name="type">The type of the means; null for that of the elements.</param>
    public TracedTensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null)
        => type is { } wanted && wanted != dtype
            ? As(wanted).mean(dimensions, keepdim)
            : Reduce("ReduceMean", Value.mean(Axes(dimensions), keepdim), dimensions, keepdim);

    /// <summary>The product of all elements.</summary>
    /// <param name="type">The type of the product; null for that of the elements.</param>
    public TracedTensor prod(ScalarType? type = null)
    {
        Tensor value = Value.prod(type);
        return As(value.dtype).Reduce("ReduceProd", value, null, keepdim: false);
    }

    /// <summary>Products over a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    /// <param name="type">The type of the products; null for that of the elements.</param>
    public TracedTensor prod(long dim, bool keepdim = false, ScalarType? type = null)
    {
        Tensor value = Value.prod(dim, keepdim, type);
        return As(value.dtype).Reduce("ReduceProd", value, [dim], keepdim);
    }

    /// <summary>The norm of all elements.</summary>
    /// <param name="p">Which norm.</param>
    public TracedTensor norm(float p = 2) => Norm(null, keepdim: false, p);

    /// <summary>Norms over a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    /// <param name="p">Which norm.</param>
    public TracedTensor norm(int dim, bool keepdim = false, float p = 2) => Norm([dim], keepdim, p);

    /// <summary>ln Σ eˣ over a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public TracedTensor logsumexp(long dim, bool keepdim = false) => Reduce("ReduceLogSumExp", Value.logsumexp(dim, keepdim), [dim], keepdim);

    /// <summary>Sums of the elements up to each one along a dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="type">The type of the sums; null for that of the elements, 64 bits for integers.</param>
    public TracedTensor cumsum(long dim, ScalarType? type = null)
    {
        Tensor value = Value.cumsum(dim, type);
        return Record("CumSum", value, [As(value.dtype), FromTensor(tensor((long)Axis(dim)))]);
    }

    /// <summary>Whether all elements are true.</summary>
    public TracedTensor all() => flatten(0).all(0);

    /// <summary>Whether all elements along a dimension are true.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public TracedTensor all(long dim, bool keepdim = false) => Truths().amin([dim], keepdim).As(ScalarType.Bool);

    /// <summary>Whether one of the elements is true, or more.</summary>
    public TracedTensor any() => flatten(0).any(0);

    /// <summary>Whether one of the elements along a dimension is true, or more.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="keepdim">Whether it stays, with size 1.</param>
    public TracedTensor any(long dim, bool keepdim = false) => Truths().amax([dim], keepdim).As(ScalarType.Bool);

    private TracedTensor Truths() => As(ScalarType.Bool).As(ScalarType.Int32);

    private TracedTensor Sum(long[]? dim, bool keepdim, ScalarType? type)
    {
        Tensor value = dim is null ? Value.sum(type) : Value.sum(Axes(dim), keepdim, type);
        if (value.dtype is not (ScalarType.Int32 or ScalarType.Int64) && !value.is_floating_point())
        {
            throw new NotSupportedException(
                $"A sum in {value.dtype} cannot be exported. For the sum over the first dimension write sum(0L): C# takes a 0 for the type that has this number, Byte.");
        }

        TracedTensor source = As(value.dtype);
        return dim is null
            ? Record("ReduceSum", value, [source], ("keepdims", 0))
            : Record("ReduceSum", value, [source, Integers(Axes(dim))], ("keepdims", keepdim ? 1 : 0));
    }

    private TracedTensor Norm(long[]? dim, bool keepdim, float p)
    {
        Tensor value = dim is null ? Value.norm(p) : Value.norm((int)dim[0], keepdim, p);
        return p switch
        {
            1 => Reduce("ReduceL1", value, dim, keepdim),
            2 => Reduce("ReduceL2", value, dim, keepdim),
            float.PositiveInfinity => abs().Reduce("ReduceMax", value, dim, keepdim),
            > 0 => abs().pow(p).Sum(dim, keepdim, null).pow(1 / p),
            _ => throw new NotSupportedException($"A norm of p = {p} cannot be exported; 1, 2, other positive numbers and infinity can."),
        };
    }

    private long[] Axes(IEnumerable<long> dims) => [.. dims.Select(dim => (long)Axis(dim))];

    private TracedTensor Reduce(string opType, Tensor value, long[]? dims, bool keepdim)
    {
        GraphAttribute keep = keepdim ? 1 : 0;
        return dims is null ? Record(opType, value, [this], ("keepdims", keep)) : Record(opType, value, [this], ("axes", Axes(dims)), ("keepdims", keep));
    }
}
