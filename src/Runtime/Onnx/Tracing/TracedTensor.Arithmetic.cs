using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

public sealed partial class TracedTensor
{
    /// <summary>The sum, element by element.</summary>
    public static TracedTensor operator +(TracedTensor left, TracedTensor right) => left.add(right);

    /// <inheritdoc cref="op_Addition(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator +(TracedTensor left, Scalar right) => left.add(right);

    /// <inheritdoc cref="op_Addition(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator +(Scalar left, TracedTensor right) => Constant(left, right).add(right);

    /// <summary>The difference, element by element.</summary>
    public static TracedTensor operator -(TracedTensor left, TracedTensor right) => left.sub(right);

    /// <inheritdoc cref="op_Subtraction(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator -(TracedTensor left, Scalar right) => left.sub(right);

    /// <inheritdoc cref="op_Subtraction(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator -(Scalar left, TracedTensor right) => Constant(left, right).sub(right);

    /// <summary>The product, element by element.</summary>
    public static TracedTensor operator *(TracedTensor left, TracedTensor right) => left.mul(right);

    /// <inheritdoc cref="op_Multiply(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator *(TracedTensor left, Scalar right) => left.mul(right);

    /// <inheritdoc cref="op_Multiply(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator *(Scalar left, TracedTensor right) => Constant(left, right).mul(right);

    /// <summary>The quotient, element by element.</summary>
    public static TracedTensor operator /(TracedTensor left, TracedTensor right) => left.div(right);

    /// <inheritdoc cref="op_Division(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator /(TracedTensor left, Scalar right) => left.div(right);

    /// <inheritdoc cref="op_Division(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator /(Scalar left, TracedTensor right) => Constant(left, right).div(right);

    /// <summary>The negated elements.</summary>
    public static TracedTensor operator -(TracedTensor tensor) => tensor.neg();

    /// <summary>The sum, element by element.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor add(TracedTensor target) => Elementwise("Add", Value.add(target.Value), target);

    /// <inheritdoc cref="add(TracedTensor)"/>
    /// <param name="target">The other tensor.</param>
    /// <param name="alpha">A factor for <paramref name="target"/>.</param>
    public TracedTensor add(TracedTensor target, Scalar alpha) => add(target.mul(alpha));

    /// <inheritdoc cref="add(TracedTensor)"/>
    /// <param name="scalar">The number to add.</param>
    public TracedTensor add(Scalar scalar) => add(Constant(scalar, this));

    /// <summary>The sum, element by element, in place.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor add_(TracedTensor target) => Become(add(target));

    /// <inheritdoc cref="add_(TracedTensor)"/>
    /// <param name="target">The other tensor.</param>
    /// <param name="alpha">A factor for <paramref name="target"/>.</param>
    public TracedTensor add_(TracedTensor target, Scalar alpha) => Become(add(target, alpha));

    /// <inheritdoc cref="add_(TracedTensor)"/>
    /// <param name="scalar">The number to add.</param>
    public TracedTensor add_(Scalar scalar) => Become(add(scalar));

    /// <summary>The difference, element by element.</summary>
    /// <param name="target">The tensor to subtract.</param>
    public TracedTensor sub(TracedTensor target) => Elementwise("Sub", Value.sub(target.Value), target);

    /// <inheritdoc cref="sub(TracedTensor)"/>
    public TracedTensor sub(Scalar target) => sub(Constant(target, this));

    /// <summary>The difference, element by element, in place.</summary>
    /// <param name="target">The tensor to subtract.</param>
    public TracedTensor sub_(TracedTensor target) => Become(sub(target));

    /// <inheritdoc cref="sub_(TracedTensor)"/>
    public TracedTensor sub_(Scalar target) => Become(sub(target));

    /// <summary>The product, element by element.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor mul(TracedTensor target) => Elementwise("Mul", Value.mul(target.Value), target);

    /// <inheritdoc cref="mul(TracedTensor)"/>
    public TracedTensor mul(Scalar target) => mul(Constant(target, this));

    /// <summary>The product, element by element, in place.</summary>
    /// <param name="target">The other tensor.</param>
    public TracedTensor mul_(TracedTensor target) => Become(mul(target));

    /// <inheritdoc cref="mul_(TracedTensor)"/>
    public TracedTensor mul_(Scalar target) => Become(mul(target));

    /// <summary>The quotient, element by element.</summary>
    /// <param name="target">The tensor to divide by.</param>
    public TracedTensor div(TracedTensor target) => Elementwise("Div", Value.div(target.Value), target);

    /// <inheritdoc cref="div(TracedTensor)"/>
    public TracedTensor div(Scalar target) => div(Constant(target, this));

    /// <summary>The quotient, element by element, in place.</summary>
    /// <param name="target">The tensor to divide by.</param>
    public TracedTensor div_(TracedTensor target) => Become(div(target));

    /// <inheritdoc cref="div_(TracedTensor)"/>
    public TracedTensor div_(Scalar target) => Become(div(target));

    /// <summary>The negated elements.</summary>
    public TracedTensor neg() => Record("Neg", Value.neg(), [this]);

    /// <summary>The absolute values.</summary>
    public TracedTensor abs() => Record("Abs", Value.abs(), [this]);

    /// <summary>The exponentials.</summary>
    public TracedTensor exp() => Record("Exp", Value.exp(), [this]);

    /// <summary>The square roots.</summary>
    public TracedTensor sqrt() => Record("Sqrt", Value.sqrt(), [this]);

    /// <summary>Matrix multiplication; leading dimensions are batches that broadcast.</summary>
    /// <param name="target">The right operand.</param>
    public TracedTensor matmul(TracedTensor target) => Record("MatMul", Value.matmul(target.Value), [this, target]);

    /// <summary>Multiplication of two batches of matrices.</summary>
    /// <param name="batch2">The right operands.</param>
    public TracedTensor bmm(TracedTensor batch2) => matmul(batch2);

    /// <summary>Multiplication of two matrices.</summary>
    /// <param name="target">The right operand.</param>
    public TracedTensor mm(TracedTensor target) => matmul(target);

    /// <summary>A number as a tensor of no dimension, of another tensor's type and device.</summary>
    internal static TracedTensor Constant(Scalar value, TracedTensor like)
    {
        // As torch promotes: a number changes the type of a tensor only if it is of a higher kind.
        bool isFraction = value.Type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;
        ScalarType type = isFraction && !like.Value.is_floating_point() ? ScalarType.Float32
            : like.dtype == ScalarType.Bool && value.Type != ScalarType.Bool ? ScalarType.Int64
            : like.dtype;
        return FromTensor(full([], value, dtype: type, device: like.Value.device));
    }

    /// <summary>Integers that an operator takes as an input: sizes, axes, indices.</summary>
    internal static TracedTensor Integers(params long[] values) => FromTensor(tensor(values));

    /// <summary>Records an operation on two tensors in the type of its result, as torch computes it.</summary>
    private TracedTensor Elementwise(string opType, Tensor value, TracedTensor other) => Record(opType, value, [As(value.dtype), other.As(value.dtype)]);
}
