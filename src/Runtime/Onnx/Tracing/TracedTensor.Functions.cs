namespace QuantGen.Onnx;

// Functions of single elements.
public sealed partial class TracedTensor
{
    /// <summary>1 / √x, element by element.</summary>
    public TracedTensor rsqrt() => sqrt().reciprocal();

    /// <summary>1 / x, element by element.</summary>
    public TracedTensor reciprocal() => Elementwise("Reciprocal", Value.reciprocal());

    /// <summary>x², element by element.</summary>
    public TracedTensor square() => mul(this);

    /// <summary>The sines.</summary>
    public TracedTensor sin() => Elementwise("Sin", Value.sin());

    /// <summary>The cosines.</summary>
    public TracedTensor cos() => Elementwise("Cos", Value.cos());

    /// <summary>The tangents.</summary>
    public TracedTensor tan() => Elementwise("Tan", Value.tan());

    /// <summary>The inverse sines.</summary>
    public TracedTensor asin() => Elementwise("Asin", Value.asin());

    /// <summary>The inverse cosines.</summary>
    public TracedTensor acos() => Elementwise("Acos", Value.acos());

    /// <summary>The inverse tangents.</summary>
    public TracedTensor atan() => Elementwise("Atan", Value.atan());

    /// <summary>The hyperbolic sines.</summary>
    public TracedTensor sinh() => Elementwise("Sinh", Value.sinh());

    /// <summary>The hyperbolic cosines.</summary>
    public TracedTensor cosh() => Elementwise("Cosh", Value.cosh());

    /// <summary>The inverse hyperbolic sines.</summary>
    public TracedTensor asinh() => Elementwise("Asinh", Value.asinh());

    /// <summary>The inverse hyperbolic cosines.</summary>
    public TracedTensor acosh() => Elementwise("Acosh", Value.acosh());

    /// <summary>The inverse hyperbolic tangents.</summary>
    public TracedTensor atanh() => Elementwise("Atanh", Value.atanh());

    /// <summary>The natural logarithms.</summary>
    public TracedTensor log() => Elementwise("Log", Value.log());

    /// <summary>The logarithms to base 2.</summary>
    public TracedTensor log2() => log().div(Math.Log(2));

    /// <summary>The logarithms to base 10.</summary>
    public TracedTensor log10() => log().div(Math.Log(10));

    /// <summary>The natural logarithms of 1 + x.</summary>
    public TracedTensor log1p() => add(1).log();

    /// <summary>The powers of 2.</summary>
    public TracedTensor exp2() => mul(Math.Log(2)).exp();

    /// <summary>eˣ - 1, element by element.</summary>
    public TracedTensor expm1() => exp().sub(1);

    /// <summary>The largest integers that are not above.</summary>
    public TracedTensor floor() => Elementwise("Floor", Value.floor());

    /// <summary>The smallest integers that are not below.</summary>
    public TracedTensor ceil() => Elementwise("Ceil", Value.ceil());

    /// <summary>The elements without their fraction.</summary>
    public TracedTensor trunc() => sign().mul(abs().floor());

    /// <summary>The fractions.</summary>
    public TracedTensor frac() => sub(trunc());

    /// <summary>-1, 0 or 1, as the element is negative, zero or positive.</summary>
    public TracedTensor sign() => Elementwise("Sign", Value.sign());

    /// <summary>The error function.</summary>
    public TracedTensor erf() => Elementwise("Erf", Value.erf());

    /// <summary>1 - the error function.</summary>
    public TracedTensor erfc() => erf().neg().add(1);

    /// <summary>The nearest integers, even ones of two that are as near.</summary>
    /// <param name="decimals">How many decimal places are kept; a negative number for places before the point.</param>
    public TracedTensor round(long decimals = 0)
        => decimals == 0 ? Elementwise("Round", Value.round()) : mul(Math.Pow(10, decimals)).round().div(Math.Pow(10, decimals));

    /// <summary>The elements as they are.</summary>
    public TracedTensor positive() => alias();

    /// <inheritdoc cref="neg"/>
    public TracedTensor negative() => neg();

    /// <inheritdoc cref="abs"/>
    public TracedTensor absolute() => abs();

    /// <inheritdoc cref="trunc"/>
    public TracedTensor fix() => trunc();

    /// <inheritdoc cref="atan"/>
    public TracedTensor arctan() => atan();
}
