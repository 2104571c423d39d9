using TorchSharp;

namespace QuantGen.Onnx;

// Functions of single elements.
public static partial class TracedOps
{
    /// <inheritdoc cref="TracedTensor.rsqrt"/>
    public static TracedTensor rsqrt(TracedTensor input) => input.rsqrt();

    /// <inheritdoc cref="TracedTensor.reciprocal"/>
    public static TracedTensor reciprocal(TracedTensor input) => input.reciprocal();

    /// <inheritdoc cref="TracedTensor.square"/>
    public static TracedTensor square(TracedTensor input) => input.square();

    /// <inheritdoc cref="TracedTensor.sin"/>
    public static TracedTensor sin(TracedTensor input) => input.sin();

    /// <inheritdoc cref="TracedTensor.cos"/>
    public static TracedTensor cos(TracedTensor input) => input.cos();

    /// <inheritdoc cref="TracedTensor.tan"/>
    public static TracedTensor tan(TracedTensor input) => input.tan();

    /// <inheritdoc cref="TracedTensor.asin"/>
    public static TracedTensor asin(TracedTensor input) => input.asin();

    /// <inheritdoc cref="TracedTensor.acos"/>
    public static TracedTensor acos(TracedTensor input) => input.acos();

    /// <inheritdoc cref="TracedTensor.atan"/>
    public static TracedTensor atan(TracedTensor input) => input.atan();

    /// <inheritdoc cref="TracedTensor.sinh"/>
    public static TracedTensor sinh(TracedTensor input) => input.sinh();

    /// <inheritdoc cref="TracedTensor.cosh"/>
    public static TracedTensor cosh(TracedTensor input) => input.cosh();

    /// <inheritdoc cref="TracedTensor.log"/>
    public static TracedTensor log(TracedTensor input) => input.log();

    /// <inheritdoc cref="TracedTensor.log2"/>
    public static TracedTensor log2(TracedTensor input) => input.log2();

    /// <inheritdoc cref="TracedTensor.log10"/>
    public static TracedTensor log10(TracedTensor input) => input.log10();

    /// <inheritdoc cref="TracedTensor.log1p"/>
    public static TracedTensor log1p(TracedTensor input) => input.log1p();

    /// <inheritdoc cref="TracedTensor.exp2"/>
    public static TracedTensor exp2(TracedTensor input) => input.exp2();

    /// <inheritdoc cref="TracedTensor.expm1"/>
    public static TracedTensor expm1(TracedTensor input) => input.expm1();

    /// <inheritdoc cref="TracedTensor.floor"/>
    public static TracedTensor floor(TracedTensor input) => input.floor();

    /// <inheritdoc cref="TracedTensor.ceil"/>
    public static TracedTensor ceil(TracedTensor input) => input.ceil();

    /// <inheritdoc cref="TracedTensor.trunc"/>
    public static TracedTensor trunc(TracedTensor input) => input.trunc();

    /// <inheritdoc cref="TracedTensor.frac"/>
    public static TracedTensor frac(TracedTensor input) => input.frac();

    /// <inheritdoc cref="TracedTensor.sign"/>
    public static TracedTensor sign(TracedTensor input) => input.sign();

    /// <inheritdoc cref="TracedTensor.erf"/>
    public static TracedTensor erf(TracedTensor input) => input.erf();

    /// <inheritdoc cref="TracedTensor.absolute"/>
    public static TracedTensor absolute(TracedTensor input) => input.absolute();

    /// <inheritdoc cref="TracedTensor.negative"/>
    public static TracedTensor negative(TracedTensor input) => input.negative();

    /// <inheritdoc cref="TracedTensor.round"/>
    public static TracedTensor round(TracedTensor input, long decimals = 0) => input.round(decimals);

    /// <inheritdoc cref="TracedTensor.pow(Scalar)"/>
    public static TracedTensor pow(TracedTensor left, Scalar exponent) => left.pow(exponent);

    /// <inheritdoc cref="TracedTensor.pow(TracedTensor)"/>
    public static TracedTensor pow(TracedTensor left, TracedTensor exponent) => left.pow(exponent);

    /// <inheritdoc cref="TracedTensor.fmod(Scalar)"/>
    public static TracedTensor fmod(TracedTensor left, Scalar right) => left.fmod(right);

    /// <inheritdoc cref="TracedTensor.fmod(TracedTensor)"/>
    public static TracedTensor fmod(TracedTensor left, TracedTensor right) => left.fmod(right);

    /// <inheritdoc cref="TracedTensor.remainder(Scalar)"/>
    public static TracedTensor remainder(TracedTensor left, Scalar right) => left.remainder(right);

    /// <inheritdoc cref="TracedTensor.remainder(TracedTensor)"/>
    public static TracedTensor remainder(TracedTensor left, TracedTensor right) => left.remainder(right);

    /// <inheritdoc cref="TracedTensor.maximum"/>
    public static TracedTensor maximum(TracedTensor input, TracedTensor other) => input.maximum(other);

    /// <inheritdoc cref="TracedTensor.minimum"/>
    public static TracedTensor minimum(TracedTensor input, TracedTensor other) => input.minimum(other);

    /// <inheritdoc cref="TracedTensor.maximum"/>
    public static TracedTensor max(TracedTensor input, TracedTensor other) => input.maximum(other);

    /// <inheritdoc cref="TracedTensor.minimum"/>
    public static TracedTensor min(TracedTensor input, TracedTensor other) => input.minimum(other);

    /// <inheritdoc cref="TracedTensor.clamp(TracedTensor, TracedTensor)"/>
    public static TracedTensor clamp(TracedTensor input, TracedTensor? min = null, TracedTensor? max = null) => input.clamp(min, max);

    /// <inheritdoc cref="TracedTensor.clamp(Scalar, Scalar)"/>
    public static TracedTensor clip(TracedTensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    /// <inheritdoc cref="TracedTensor.clamp_min"/>
    public static TracedTensor clamp_min(TracedTensor input, Scalar min) => input.clamp_min(min);

    /// <inheritdoc cref="TracedTensor.clamp_max"/>
    public static TracedTensor clamp_max(TracedTensor input, Scalar max) => input.clamp_max(max);

    /// <inheritdoc cref="TracedTensor.mul(TracedTensor)"/>
    public static TracedTensor multiply(TracedTensor left, TracedTensor right) => left.mul(right);

    /// <inheritdoc cref="TracedTensor.mul(TracedTensor)"/>
    public static TracedTensor multiply(TracedTensor left, Scalar right) => left.mul(right);

    /// <inheritdoc cref="TracedTensor.div(TracedTensor, torch.RoundingMode)"/>
    public static TracedTensor divide(TracedTensor left, TracedTensor right, torch.RoundingMode rounding_mode = torch.RoundingMode.None)
        => left.div(right, rounding_mode);

    /// <inheritdoc cref="TracedTensor.div(TracedTensor, torch.RoundingMode)"/>
    public static TracedTensor divide(TracedTensor left, Scalar right, torch.RoundingMode rounding_mode = torch.RoundingMode.None)
        => left.div(right, rounding_mode);

    /// <inheritdoc cref="TracedTensor.lerp"/>
    public static TracedTensor lerp(TracedTensor input, TracedTensor end, TracedTensor weight) => input.lerp(end, weight);
}
