using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

public sealed partial class TracedTensor
{
    /// <summary>max(x, 0).</summary>
    public TracedTensor relu() => Record("Relu", Value.relu(), [this]);

    /// <summary>max(x, 0), in place.</summary>
    public TracedTensor relu_() => Become(relu());

    /// <summary>min(max(x, 0), 6).</summary>
    public TracedTensor relu6() => clamp(0, 6);

    /// <summary>min(max(x, 0), 6), in place.</summary>
    public TracedTensor relu6_() => Become(relu6());

    /// <summary>x where positive, otherwise x · slope.</summary>
    /// <param name="negative_slope">The slope of the negative side.</param>
    public TracedTensor leaky_relu(Scalar negative_slope)
        => Record("LeakyRelu", Value.leaky_relu(negative_slope), [this], ("alpha", negative_slope.ToSingle()));

    /// <summary>x where positive, otherwise alpha · (eˣ - 1).</summary>
    /// <param name="alpha">The negative of the limit on the negative side.</param>
    public TracedTensor elu(double alpha = 1) => Record("Elu", Value.elu(alpha), [this], ("alpha", (float)alpha));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public TracedTensor sigmoid() => Record("Sigmoid", Value.sigmoid(), [this]);

    /// <summary>1 / (1 + e⁻ˣ), in place.</summary>
    public TracedTensor sigmoid_() => Become(sigmoid());

    /// <summary>The hyperbolic tangent.</summary>
    public TracedTensor tanh() => Record("Tanh", Value.tanh(), [this]);

    /// <summary>The hyperbolic tangent, in place.</summary>
    public TracedTensor tanh_() => Become(tanh());

    /// <summary>x · sigmoid(x).</summary>
    public TracedTensor silu() => mul(sigmoid());

    /// <summary>x · relu6(x + 3) / 6.</summary>
    public TracedTensor hardswish() => Record("HardSwish", Value.hardswish(), [this]);

    /// <summary>relu6(x + 3) / 6.</summary>
    public TracedTensor hardsigmoid() => Record("HardSigmoid", Value.hardsigmoid(), [this], ("alpha", 1f / 6), ("beta", 0.5f));

    /// <summary>x · Φ(x), by the error function.</summary>
    public TracedTensor gelu() => mul(div(Math.Sqrt(2)).erf().add(1)).mul(0.5);

    /// <summary>x · Φ(x), exact or by its approximation with tanh (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
    /// <param name="approximate">Which of the two.</param>
    public TracedTensor gelu(TorchSharp.Modules.GELU.Approximate approximate)
    {
        if (approximate == TorchSharp.Modules.GELU.Approximate.none)
        {
            return gelu();
        }

        TracedTensor inner = add(mul(this).mul(this).mul(0.044715)).mul(Math.Sqrt(2 / Math.PI));
        return inner.tanh().add(1).mul(this).mul(0.5);
    }

    /// <summary>Softmax over one dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="dtype">The type in which it is computed and returned; null for that of the input.</param>
    public TracedTensor softmax(long dim, ScalarType? dtype = null)
        => dtype is { } type && type != this.dtype ? As(type).softmax(dim) : Record("Softmax", Value.softmax(dim), [this], ("axis", dim));

    /// <summary>The logarithm of softmax over one dimension.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="dtype">The type in which it is computed and returned; null for that of the input.</param>
    public TracedTensor log_softmax(long dim, ScalarType? dtype = null)
        => dtype is { } type && type != this.dtype ? As(type).log_softmax(dim) : Record("LogSoftmax", Value.log_softmax(dim), [this], ("axis", dim));

    /// <summary>Values moved into a range.</summary>
    /// <param name="min">The lower bound; null for none.</param>
    /// <param name="max">The upper bound; null for none.</param>
    public TracedTensor clamp(Scalar? min = null, Scalar? max = null)
    {
        TracedTensor? low = min is null ? null : Constant(min, this);
        TracedTensor? high = max is null ? null : Constant(max, this);
        if (!Value.is_floating_point())
        {
            return clamp(low, high);
        }

        return Record("Clip", Value.clamp(min, max), [this, low, high]);
    }

}
