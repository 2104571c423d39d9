using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Comparisons, truth values, and what is chosen by them.
public sealed partial class TracedTensor
{
    /// <summary>Whether elements are equal to those of another tensor.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor eq(TracedTensor target) => Compare("Equal", Value.eq(target.Value), target);

    /// <summary>Whether elements are equal to a number.</summary>
    /// <param name="target">The number.</param>
    public TracedTensor eq(Scalar target) => eq(Constant(target, this));

    /// <summary>Whether elements are other than those of another tensor.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor ne(TracedTensor target) => eq(target).logical_not();

    /// <summary>Whether elements are other than a number.</summary>
    /// <param name="target">The number.</param>
    public TracedTensor ne(Scalar target) => eq(target).logical_not();

    /// <summary>Whether elements are greater than those of another tensor.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor gt(TracedTensor target) => Compare("Greater", Value.gt(target.Value), target);

    /// <summary>Whether elements are greater than a number.</summary>
    /// <param name="target">The number.</param>
    public TracedTensor gt(Scalar target) => gt(Constant(target, this));

    /// <summary>Whether elements are not less than those of another tensor.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor ge(TracedTensor target) => Compare("GreaterOrEqual", Value.ge(target.Value), target);

    /// <summary>Whether elements are not less than a number.</summary>
    /// <param name="target">The number.</param>
    public TracedTensor ge(Scalar target) => ge(Constant(target, this));

    /// <summary>Whether elements are less than those of another tensor.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor lt(TracedTensor target) => Compare("Less", Value.lt(target.Value), target);

    /// <summary>Whether elements are less than a number.</summary>
    /// <param name="target">The number.</param>
    public TracedTensor lt(Scalar target) => lt(Constant(target, this));

    /// <summary>Whether elements are not greater than those of another tensor.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor le(TracedTensor target) => Compare("LessOrEqual", Value.le(target.Value), target);

    /// <summary>Whether elements are not greater than a number.</summary>
    /// <param name="target">The number.</param>
    public TracedTensor le(Scalar target) => le(Constant(target, this));

    /// <summary>Whether elements are zero, or false.</summary>
    public TracedTensor logical_not() => Record("Not", Value.logical_not(), [As(ScalarType.Bool)]);

    /// <summary>Whether both elements are true.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor logical_and(TracedTensor other) => Logic("And", Value.logical_and(other.Value), other);

    /// <summary>Whether one of the elements is true, or both.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor logical_or(TracedTensor other) => Logic("Or", Value.logical_or(other.Value), other);

    /// <summary>Whether just one of the elements is true.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor logical_xor(TracedTensor other) => Logic("Xor", Value.logical_xor(other.Value), other);

    /// <summary>Whether elements are no numbers.</summary>
    public TracedTensor isnan() => Record("IsNaN", Value.isnan(), [this]);

    /// <summary>Whether elements are infinite.</summary>
    public TracedTensor isinf() => Record("IsInf", Value.isinf(), [this]);

    /// <summary>The elements, but a number where a mask is true.</summary>
    /// <param name="mask">Truth values of a shape that broadcasts.</param>
    /// <param name="value">The number.</param>
    public TracedTensor masked_fill(TracedTensor mask, Scalar value) => mask.where(FromTensor(full([], value, dtype: dtype, device: device)), this);

    /// <inheritdoc cref="masked_fill"/>
    /// <remarks>In place.</remarks>
    public TracedTensor masked_fill_(TracedTensor mask, Scalar value) => Become(masked_fill(mask, value));

    /// <summary>A copy without the elements above a diagonal, which become zero.</summary>
    /// <param name="diagonal">Which diagonal: 0 for the main one, positive for one above it.</param>
    public TracedTensor tril(long diagonal = 0) => Triangle(diagonal, upper: false);

    /// <summary>A copy without the elements below a diagonal, which become zero.</summary>
    /// <param name="diagonal">Which diagonal: 0 for the main one, positive for one above it.</param>
    public TracedTensor triu(long diagonal = 0) => Triangle(diagonal, upper: true);

    /// <summary>Elements of the one tensor where this one is true, of the other where it is not.</summary>
    internal TracedTensor where(TracedTensor x, TracedTensor y)
    {
        Tensor value = torch.where(Value, x.Value, y.Value);
        return Record("Where", value, [As(ScalarType.Bool), x.As(value.dtype), y.As(value.dtype)]);
    }

    // ONNX has an operator for both, but ONNX Runtime none for truth values; a constant mask does for all types.
    private TracedTensor Triangle(long diagonal, bool upper)
    {
        Tensor square = ones(shape[^2], shape[^1], dtype: ScalarType.Bool, device: device);
        TracedTensor mask = FromTensor(upper ? square.triu(diagonal) : square.tril(diagonal));
        return dtype == ScalarType.Bool ? logical_and(mask) : mask.where(this, FromTensor(zeros([], dtype: dtype, device: device)));
    }

    // In the type in which torch compares.
    private TracedTensor Compare(string opType, Tensor value, TracedTensor other)
    {
        ScalarType type = result_type(Value, other.Value);
        type = type == ScalarType.Bool && opType != "Equal" ? ScalarType.Int32 : type;
        return Record(opType, value, [As(type), other.As(type)]);
    }

    private TracedTensor Logic(string opType, Tensor value, TracedTensor other) => Record(opType, value, [As(ScalarType.Bool), other.As(ScalarType.Bool)]);
}
