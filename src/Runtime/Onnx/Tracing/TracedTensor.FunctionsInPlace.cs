namespace QuantGen.Onnx;

// Functions of single elements, in place.
public sealed partial class TracedTensor
{
    /// <inheritdoc cref="rsqrt"/>
    /// <remarks>In place.</remarks>
    public TracedTensor rsqrt_() => Become(rsqrt());

    /// <inheritdoc cref="reciprocal"/>
    /// <remarks>In place.</remarks>
    public TracedTensor reciprocal_() => Become(reciprocal());

    /// <inheritdoc cref="sin"/>
    /// <remarks>In place.</remarks>
    public TracedTensor sin_() => Become(sin());

    /// <inheritdoc cref="cos"/>
    /// <remarks>In place.</remarks>
    public TracedTensor cos_() => Become(cos());

    /// <inheritdoc cref="tan"/>
    /// <remarks>In place.</remarks>
    public TracedTensor tan_() => Become(tan());

    /// <inheritdoc cref="asin"/>
    /// <remarks>In place.</remarks>
    public TracedTensor asin_() => Become(asin());

    /// <inheritdoc cref="acos"/>
    /// <remarks>In place.</remarks>
    public TracedTensor acos_() => Become(acos());

    /// <inheritdoc cref="atan"/>
    /// <remarks>In place.</remarks>
    public TracedTensor atan_() => Become(atan());

    /// <inheritdoc cref="log"/>
    /// <remarks>In place.</remarks>
    public TracedTensor log_() => Become(log());

    /// <inheritdoc cref="log2"/>
    /// <remarks>In place.</remarks>
    public TracedTensor log2_() => Become(log2());

    /// <inheritdoc cref="log10"/>
    /// <remarks>In place.</remarks>
    public TracedTensor log10_() => Become(log10());

    /// <inheritdoc cref="log1p"/>
    /// <remarks>In place.</remarks>
    public TracedTensor log1p_() => Become(log1p());

    /// <inheritdoc cref="expm1"/>
    /// <remarks>In place.</remarks>
    public TracedTensor expm1_() => Become(expm1());

    /// <inheritdoc cref="floor"/>
    /// <remarks>In place.</remarks>
    public TracedTensor floor_() => Become(floor());

    /// <inheritdoc cref="ceil"/>
    /// <remarks>In place.</remarks>
    public TracedTensor ceil_() => Become(ceil());

    /// <inheritdoc cref="trunc"/>
    /// <remarks>In place.</remarks>
    public TracedTensor trunc_() => Become(trunc());

    /// <inheritdoc cref="sign"/>
    /// <remarks>In place.</remarks>
    public TracedTensor sign_() => Become(sign());

    /// <inheritdoc cref="erf"/>
    /// <remarks>In place.</remarks>
    public TracedTensor erf_() => Become(erf());

    /// <inheritdoc cref="exp"/>
    /// <remarks>In place.</remarks>
    public TracedTensor exp_() => Become(exp());

    /// <inheritdoc cref="sqrt"/>
    /// <remarks>In place.</remarks>
    public TracedTensor sqrt_() => Become(sqrt());

    /// <inheritdoc cref="abs"/>
    /// <remarks>In place.</remarks>
    public TracedTensor abs_() => Become(abs());

    /// <inheritdoc cref="neg"/>
    /// <remarks>In place.</remarks>
    public TracedTensor neg_() => Become(neg());

    /// <inheritdoc cref="frac"/>
    /// <remarks>In place.</remarks>
    public TracedTensor frac_() => Become(frac());

    /// <inheritdoc cref="round"/>
    /// <remarks>In place.</remarks>
    public TracedTensor round_(long decimals = 0) => Become(round(decimals));

    /// <inheritdoc cref="square"/>
    /// <remarks>In place.</remarks>
    public TracedTensor square_() => Become(square());

    /// <inheritdoc cref="pow(TorchSharp.Scalar)"/>
    /// <remarks>In place.</remarks>
    public TracedTensor pow_(TorchSharp.Scalar exponent) => Become(pow(exponent));

    /// <inheritdoc cref="pow(TracedTensor)"/>
    /// <remarks>In place.</remarks>
    public TracedTensor pow_(TracedTensor exponent) => Become(pow(exponent));

    /// <inheritdoc cref="clamp(TorchSharp.Scalar, TorchSharp.Scalar)"/>
    /// <remarks>In place.</remarks>
    public TracedTensor clamp_(TorchSharp.Scalar? min = null, TorchSharp.Scalar? max = null) => Become(clamp(min, max));

    /// <inheritdoc cref="clamp(TracedTensor, TracedTensor)"/>
    /// <remarks>In place.</remarks>
    public TracedTensor clamp_(TracedTensor? min = null, TracedTensor? max = null) => Become(clamp(min, max));

    /// <inheritdoc cref="clamp_min"/>
    /// <remarks>In place.</remarks>
    public TracedTensor clamp_min_(TorchSharp.Scalar min) => Become(clamp_min(min));

    /// <inheritdoc cref="clamp_max"/>
    /// <remarks>In place.</remarks>
    public TracedTensor clamp_max_(TorchSharp.Scalar max) => Become(clamp_max(max));

    /// <summary>One number everywhere, in place.</summary>
    /// <param name="value">The number.</param>
    public TracedTensor fill_(TorchSharp.Scalar value) => copy_(Constant(value, this));

    /// <summary>Zero everywhere, in place.</summary>
    public TracedTensor zero_() => fill_(0);
}
