using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Functions of two elements, but for the four basic ones.
public sealed partial class TracedTensor
{
    /// <summary>The remainder of a division, with the sign of the divisor.</summary>
    public static TracedTensor operator %(TracedTensor left, TracedTensor right) => left.remainder(right);

    /// <inheritdoc cref="op_Modulus(TracedTensor, TracedTensor)"/>
    public static TracedTensor operator %(TracedTensor left, Scalar right) => left.remainder(right);

    /// <summary>Powers of the elements. Squares and square roots get the operators of these.</summary>
    /// <param name="exponent">The exponent.</param>
    public TracedTensor pow(Scalar exponent) => Value.is_floating_point() && exponent.ToDouble() is var power && power is 2 or 0.5
        ? power == 2 ? square() : sqrt()
        : pow(Constant(exponent, this));

    /// <summary>Powers of the elements.</summary>
    /// <param name="exponent">The exponents.</param>
    public TracedTensor pow(TracedTensor exponent) => Elementwise("Pow", Value.pow(exponent.Value), exponent);

    /// <summary>The remainder of a division that is rounded towards zero: it has the sign of the dividend.</summary>
    /// <param name="target">The divisor.</param>
    public TracedTensor fmod(TracedTensor target)
    {
        Tensor value = Value.fmod(target.Value);
        return Record("Mod", value, [As(value.dtype), target.As(value.dtype)], ("fmod", 1));
    }

    /// <inheritdoc cref="fmod(TracedTensor)"/>
    /// <param name="scalar">The divisor.</param>
    public TracedTensor fmod(Scalar scalar) => fmod(Constant(scalar, this));

    /// <summary>The remainder of a division that is rounded down: it has the sign of the divisor.</summary>
    /// <param name="target">The divisor.</param>
    public TracedTensor remainder(TracedTensor target)
    {
        Tensor value = Value.remainder(target.Value);
        if (!value.is_floating_point())
        {
            return Elementwise("Mod", value, target);
        }

        // ONNX has this one for integers only.
        TracedTensor rest = fmod(target);
        return rest.mul(target).lt(0).where(rest.add(target), rest);
    }

    /// <inheritdoc cref="remainder(TracedTensor)"/>
    /// <param name="scalar">The divisor.</param>
    public TracedTensor remainder(Scalar scalar) => remainder(Constant(scalar, this));

    /// <summary>The larger ones of two elements.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor maximum(TracedTensor other) => Elementwise("Max", Value.maximum(other.Value), other);

    /// <summary>The smaller ones of two elements.</summary>
    /// <param name="other">The other tensor.</param>
    public TracedTensor minimum(TracedTensor other) => Elementwise("Min", Value.minimum(other.Value), other);

    /// <inheritdoc cref="maximum"/>
    public TracedTensor max(TracedTensor other) => maximum(other);

    /// <inheritdoc cref="minimum"/>
    public TracedTensor min(TracedTensor other) => minimum(other);

    /// <summary>Values moved into ranges.</summary>
    /// <param name="min">The lower bounds; null for none.</param>
    /// <param name="max">The upper bounds; null for none.</param>
    public TracedTensor clamp(TracedTensor? min = null, TracedTensor? max = null)
    {
        TracedTensor raised = min is null ? this : maximum(min);
        return max is null ? raised : raised.minimum(max);
    }

    /// <inheritdoc cref="clamp(Scalar, Scalar)"/>
    public TracedTensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

    /// <summary>Values not below a bound.</summary>
    /// <param name="min">The bound.</param>
    public TracedTensor clamp_min(Scalar min) => clamp(min: min);

    /// <summary>Values not above a bound.</summary>
    /// <param name="max">The bound.</param>
    public TracedTensor clamp_max(Scalar max) => clamp(max: max);

    /// <summary>What lies between this and another tensor: this + weight · (end - this).</summary>
    /// <param name="end">The other tensor.</param>
    /// <param name="weight">How far: 0 for this tensor, 1 for the other.</param>
    public TracedTensor lerp(TracedTensor end, TracedTensor weight) => add(end.sub(this).mul(weight));

    /// <summary>The quotient, element by element, rounded.</summary>
    /// <param name="target">The divisor.</param>
    /// <param name="rounding_mode">How it is rounded.</param>
    public TracedTensor div(TracedTensor target, RoundingMode rounding_mode) => rounding_mode switch
    {
        RoundingMode.None => div(target),
        RoundingMode.floor => floor_divide(target),
        _ when Value.div(target.Value, rounding_mode) is var value && !value.is_floating_point() => Elementwise("Div", value, target),
        _ => div(target).trunc(),
    };

    /// <inheritdoc cref="div(TracedTensor, RoundingMode)"/>
    public TracedTensor div(Scalar target, RoundingMode rounding_mode) => div(Constant(target, this), rounding_mode);

    /// <summary>The quotient, element by element, rounded down.</summary>
    /// <param name="other">The divisor.</param>
    public TracedTensor floor_divide(TracedTensor other)
    {
        // Of integers, ONNX rounds towards zero, so that what is left is taken away first.
        Tensor value = Value.floor_divide(other.Value);
        return value.is_floating_point() ? div(other).floor() : sub(remainder(other)).Elementwise("Div", value, other);
    }

    /// <inheritdoc cref="floor_divide(TracedTensor)"/>
    public TracedTensor floor_divide(Scalar other) => floor_divide(Constant(other, this));

    /// <inheritdoc cref="div(TracedTensor)"/>
    public TracedTensor divide(TracedTensor target) => div(target);

    /// <inheritdoc cref="div(TracedTensor)"/>
    public TracedTensor divide(Scalar target) => div(target);

    /// <inheritdoc cref="div(TracedTensor)"/>
    /// <param name="other">The divisor.</param>
    public TracedTensor true_divide(TracedTensor other) => div(other);

    /// <inheritdoc cref="true_divide(TracedTensor)"/>
    public TracedTensor true_divide(Scalar other) => div(other);

    /// <inheritdoc cref="mul(TracedTensor)"/>
    public TracedTensor multiply(TracedTensor target) => mul(target);

    /// <inheritdoc cref="mul(TracedTensor)"/>
    public TracedTensor multiply(Scalar target) => mul(target);

    /// <inheritdoc cref="sub(TracedTensor)"/>
    public TracedTensor subtract(TracedTensor target) => sub(target);

    /// <inheritdoc cref="sub(TracedTensor)"/>
    public TracedTensor subtract(Scalar target) => sub(target);

    /// <summary>The inner product of two vectors.</summary>
    /// <param name="target">The other vector.</param>
    public TracedTensor dot(TracedTensor target) => matmul(target);

    /// <summary>A matrix times a vector.</summary>
    /// <param name="target">The vector.</param>
    public TracedTensor mv(TracedTensor target) => matmul(target);

    /// <summary>Products of each element of one vector with each of another.</summary>
    /// <param name="vec2">The other vector.</param>
    public TracedTensor outer(TracedTensor vec2) => unsqueeze(1).mul(vec2.unsqueeze(0));

    private TracedTensor Elementwise(string opType, Tensor value) => Record(opType, value, [As(value.dtype)]);
}
