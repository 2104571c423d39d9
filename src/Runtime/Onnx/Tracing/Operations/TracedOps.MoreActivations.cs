namespace QuantGen.Onnx;

// Activations that are seldom used, by all the names that TorchSharp has for them.
public static partial class TracedOps
{
    /// <inheritdoc cref="TracedTensor.glu"/>
    public static TracedTensor glu(TracedTensor input, long dim = -1) => input.glu(dim);

    /// <inheritdoc cref="TracedTensor.softplus"/>
    public static TracedTensor softplus(TracedTensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);

    /// <inheritdoc cref="TracedTensor.log_sigmoid"/>
    public static TracedTensor logsigmoid(TracedTensor x) => x.log_sigmoid();

    /// <inheritdoc cref="TracedTensor.prelu"/>
    public static TracedTensor prelu(TracedTensor input, TracedTensor weight) => input.prelu(weight);

    /// <summary>Softmax of the negated elements.</summary>
    /// <param name="x">The input.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    public static TracedTensor softmin(TracedTensor x, long dim) => x.neg().softmax(dim);

    /// <summary>Softmax over the channels of [N, C, H, W] or [C, H, W].</summary>
    /// <param name="x">The input.</param>
    public static TracedTensor softmax2d(TracedTensor x) => x.softmax(-3);

    /// <summary>x - lambda where above it, x + lambda where below -lambda, otherwise 0.</summary>
    /// <param name="x">The input.</param>
    /// <param name="lambda">The bound.</param>
    public static TracedTensor softshrink(TracedTensor x, double lambda = 0.5) => x.softshrink(lambda);

    /// <summary>x where it is above lambda or below -lambda, otherwise 0.</summary>
    /// <param name="x">The input.</param>
    /// <param name="lambda">The bound.</param>
    public static TracedTensor hardshrink(TracedTensor x, double lambda = 0.5) => x.hardshrink(lambda);

    /// <inheritdoc cref="TracedTensor.gelu(TorchSharp.Modules.GELU.Approximate)"/>
    public static TracedTensor gelu(TracedTensor x, TorchSharp.Modules.GELU.Approximate approximate, bool inplace = false)
        => Finish(x, x.gelu(approximate), inplace);

    /// <summary>λ · x where positive, otherwise λ · α · (eˣ - 1) with the constants of self-normalizing networks (arXiv:1706.02515).</summary>
    /// <param name="x">The input.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor selu(TracedTensor x, bool inplace = false) => Finish(x, x.selu(), inplace);

    /// <summary>max(x, 0) + min(alpha · (e^(x / alpha) - 1), 0).</summary>
    /// <param name="x">The input.</param>
    /// <param name="alpha">As in torch.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor celu(TracedTensor x, double alpha, bool inplace = false) => Finish(x, x.celu(alpha), inplace);

    /// <summary>x · tanh(softplus(x)).</summary>
    /// <param name="x">The input.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor mish(TracedTensor x, bool inplace = false) => Finish(x, x.mish(), inplace);

    /// <summary>x / (1 + |x|).</summary>
    /// <param name="x">The input.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor softsign(TracedTensor x, bool inplace = false) => Finish(x, x.softsign(), inplace);

    /// <summary>x - tanh(x).</summary>
    /// <param name="x">The input.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor tanhshrink(TracedTensor x, bool inplace = false) => Finish(x, x.tanhshrink(), inplace);

    /// <summary>x where it is above a threshold, otherwise a number.</summary>
    /// <param name="x">The input.</param>
    /// <param name="threshold">As in torch.</param>
    /// <param name="value">As in torch.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor threshold(TracedTensor x, double threshold, double value, bool inplace = false)
        => Finish(x, x.threshold(threshold, value), inplace);

    /// <summary>min where x is below it, max where x is above that, otherwise x.</summary>
    /// <param name="x">The input.</param>
    /// <param name="min_val">As in torch.</param>
    /// <param name="max_val">As in torch.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor hardtanh(TracedTensor x, double min_val = -1, double max_val = 1, bool inplace = false)
        => inplace ? x.hardtanh_(min_val, max_val) : x.hardtanh(min_val, max_val);

    /// <summary>x where positive, otherwise x · (lower + upper) / 2: a randomized leaky ReLU in evaluation.</summary>
    /// <param name="x">The input.</param>
    /// <param name="lower">As in torch.</param>
    /// <param name="upper">As in torch.</param>
    /// <param name="inplace">Whether the input itself changes.</param>
    public static TracedTensor rrelu(TracedTensor x, double lower = 1.0 / 8, double upper = 1.0 / 3, bool inplace = false)
        => Finish(x, x.rrelu(lower, upper), inplace);

    /// <inheritdoc cref="mish"/>
    public static TracedTensor Mish(TracedTensor x) => mish(x);

    /// <inheritdoc cref="softsign"/>
    public static TracedTensor Softsign(TracedTensor x) => softsign(x);

    /// <inheritdoc cref="tanhshrink"/>
    public static TracedTensor Tanhshrink(TracedTensor x) => tanhshrink(x);

    /// <inheritdoc cref="silu"/>
    public static TracedTensor SiLU(TracedTensor x, bool inplace = false) => silu(x, inplace);

    /// <inheritdoc cref="hardtanh"/>
    public static TracedTensor Hardtanh(TracedTensor x, double min_val = -1, double max_val = 1, bool inplace = false)
        => hardtanh(x, min_val, max_val, inplace);

    /// <inheritdoc cref="threshold"/>
    public static TracedTensor Threshold(TracedTensor x, double threshold, double value, bool inplace = false)
        => TracedOps.threshold(x, threshold, value, inplace);

    /// <inheritdoc cref="softshrink"/>
    public static TracedTensor Softshrink(TracedTensor x, double lambda = 0.5) => softshrink(x, lambda);

    /// <inheritdoc cref="hardshrink"/>
    public static TracedTensor Hardshrink(TracedTensor x, double lambda = 0.5) => hardshrink(x, lambda);
}
