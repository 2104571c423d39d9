using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Activations that are seldom used, and those in place.
public sealed partial class TracedTensor
{
    /// <summary>The first half along a dimension times the sigmoid of the second.</summary>
    /// <param name="dim">The dimension, of an even size; a negative one counts from the end.</param>
    public TracedTensor glu(long dim = -1)
    {
        long half = shape[Axis(dim)] / 2;
        if (half * 2 != shape[Axis(dim)])
        {
            throw new ArgumentException($"A gated linear unit halves dimension {dim}, but it has size {shape[Axis(dim)]}.", nameof(dim));
        }

        return narrow(dim, 0, half).mul(narrow(dim, half, half).sigmoid());
    }

    /// <summary>ln(1 + e^(beta · x)) / beta; x where beta · x is above a threshold.</summary>
    /// <param name="beta">The steepness.</param>
    /// <param name="threshold">Where the function is x itself.</param>
    public TracedTensor softplus(double beta = 1, double threshold = 20)
    {
        TracedTensor scaled = beta == 1 ? this : mul(beta);
        TracedTensor soft = Record("Softplus", nn.functional.softplus(scaled.Value, 1, double.PositiveInfinity), [scaled]);
        soft = beta == 1 ? soft : soft.div(beta);

        // Where 32-bit numbers cannot tell the two apart, no choice is needed.
        return threshold >= 20 ? soft : scaled.gt(threshold).where(this, soft);
    }

    /// <summary>ln(sigmoid(x)).</summary>
    public TracedTensor log_sigmoid() => neg().softplus().neg();

    /// <summary>x where positive, otherwise x times a slope.</summary>
    /// <param name="target">One slope, or one for each channel, the second dimension.</param>
    public TracedTensor prelu(TracedTensor target)
    {
        TracedTensor slope = target.numel() == 1 ? target.reshape(1) : target.reshape([-1, .. Enumerable.Repeat(1L, Math.Max(0, (int)ndim - 2))]);
        return Record("PRelu", Value.prelu(target.Value), [this, slope]);
    }

    /// <summary>x - lambda where above it, x + lambda where below -lambda, otherwise 0.</summary>
    internal TracedTensor softshrink(double lambda)
        => Record("Shrink", nn.functional.softshrink(Value, lambda), [this], ("lambd", (float)lambda), ("bias", (float)lambda));

    /// <summary>x where it is above lambda or below -lambda, otherwise 0.</summary>
    internal TracedTensor hardshrink(double lambda)
        => Record("Shrink", nn.functional.hardshrink(Value, lambda), [this], ("lambd", (float)lambda), ("bias", 0f));

    /// <summary>λ · x where positive, otherwise λ · α · (eˣ - 1) with the constants of self-normalizing networks (arXiv:1706.02515).</summary>
    public TracedTensor selu() => Record("Selu", Value.selu(), [this]);

    /// <summary>λ · x where positive, otherwise λ · α · (eˣ - 1) with the constants of self-normalizing networks (arXiv:1706.02515), in place.</summary>
    public TracedTensor selu_() => Become(selu());

    /// <summary>max(x, 0) + min(alpha · (e^(x / alpha) - 1), 0).</summary>
    /// <param name="alpha">The negative of the limit on the negative side.</param>
    public TracedTensor celu(Scalar alpha) => Record("Celu", Value.celu(alpha), [this], ("alpha", alpha.ToSingle()));

    /// <summary>max(x, 0) + min(alpha · (e^(x / alpha) - 1), 0), in place.</summary>
    /// <param name="alpha">The negative of the limit on the negative side.</param>
    public TracedTensor celu_(Scalar alpha) => Become(celu(alpha));

    /// <summary>x · tanh(softplus(x)).</summary>
    internal TracedTensor mish() => mul(softplus().tanh());

    /// <summary>x / (1 + |x|).</summary>
    internal TracedTensor softsign() => Record("Softsign", nn.functional.softsign(Value), [this]);

    /// <summary>x where it is above a threshold, otherwise a number.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="value">The number.</param>
    public TracedTensor threshold(Scalar threshold, Scalar value) => gt(threshold).where(this, Constant(value, this));

    /// <summary>x where it is above a threshold, otherwise a number, in place.</summary>
    /// <param name="threshold">The threshold.</param>
    /// <param name="value">The number.</param>
    public TracedTensor threshold_(Scalar threshold, Scalar value) => Become(this.threshold(threshold, value));

    /// <summary>min where x is below it, max where x is above that, otherwise x; where TorchSharp does nothing, the tensor as it is.</summary>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    public TracedTensor hardtanh(Scalar min, Scalar max)
    {
        if (!ReferenceEquals(Value.hardtanh(min, max), Value))
        {
            return clamp(min, max);
        }

        Trace?.Graph.Notes.Add(
            "A hardtanh does nothing, in the file as in C#: that of this version of TorchSharp gives its input back unless it works in place. Use clamp.");
        return alias();
    }

    /// <summary>min where x is below it, max where x is above that, otherwise x, in place.</summary>
    /// <param name="min">The lower bound.</param>
    /// <param name="max">The upper bound.</param>
    public TracedTensor hardtanh_(Scalar min, Scalar max) => Become(clamp(min, max));

    /// <summary>x where positive, otherwise x · (lower + upper) / 2: a randomized leaky ReLU in evaluation.</summary>
    /// <param name="lower">The smallest slope of the negative side.</param>
    /// <param name="upper">The largest slope.</param>
    public TracedTensor rrelu(double lower = 1.0 / 8, double upper = 1.0 / 3) => leaky_relu((lower + upper) / 2);

    /// <summary>x where positive, otherwise x · (lower + upper) / 2: a randomized leaky ReLU in evaluation, in place.</summary>
    /// <param name="lower">The smallest slope of the negative side.</param>
    /// <param name="upper">The largest slope.</param>
    public TracedTensor rrelu_(double lower = 1.0 / 8, double upper = 1.0 / 3) => Become(rrelu(lower, upper));

    /// <summary>x - tanh(x).</summary>
    internal TracedTensor tanhshrink() => sub(tanh());

    /// <inheritdoc cref="leaky_relu"/>
    /// <remarks>In place.</remarks>
    public TracedTensor leaky_relu_(Scalar negative_slope) => Become(leaky_relu(negative_slope));

    /// <inheritdoc cref="elu"/>
    /// <remarks>In place.</remarks>
    public TracedTensor elu_(double alpha = 1) => Become(elu(alpha));

    /// <inheritdoc cref="silu"/>
    /// <remarks>In place.</remarks>
    public TracedTensor silu_() => Become(silu());

    /// <inheritdoc cref="hardswish"/>
    /// <remarks>In place.</remarks>
    public TracedTensor hardswish_() => Become(hardswish());

    /// <inheritdoc cref="hardsigmoid"/>
    /// <remarks>In place.</remarks>
    public TracedTensor hardsigmoid_() => Become(hardsigmoid());

    /// <inheritdoc cref="gelu()"/>
    /// <remarks>In place.</remarks>
    public TracedTensor gelu_() => Become(gelu());
}
