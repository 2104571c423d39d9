using TorchSharp;

namespace QuantGen.Onnx;

public static partial class TracedOps
{
    /// <inheritdoc cref="TracedTensor.relu"/>
    public static TracedTensor relu(TracedTensor x, bool inplace = false) => inplace ? x.relu_() : x.relu();

    /// <inheritdoc cref="TracedTensor.relu6"/>
    public static TracedTensor relu6(TracedTensor x, bool inplace = false) => inplace ? x.relu6_() : x.relu6();

    /// <inheritdoc cref="TracedTensor.leaky_relu"/>
    public static TracedTensor leaky_relu(TracedTensor input, double negative_slope = 0.01, bool inplace = false)
        => Finish(input, input.leaky_relu(negative_slope), inplace);

    /// <inheritdoc cref="TracedTensor.elu"/>
    public static TracedTensor elu(TracedTensor x, double alpha, bool inplace = false) => Finish(x, x.elu(alpha), inplace);

    /// <inheritdoc cref="TracedTensor.sigmoid"/>
    public static TracedTensor sigmoid(TracedTensor x, bool inplace = false) => Finish(x, x.sigmoid(), inplace);

    /// <inheritdoc cref="TracedTensor.tanh"/>
    public static TracedTensor tanh(TracedTensor x, bool inplace = false) => Finish(x, x.tanh(), inplace);

    /// <inheritdoc cref="TracedTensor.silu"/>
    public static TracedTensor silu(TracedTensor x, bool inplace = false) => Finish(x, x.silu(), inplace);

    /// <inheritdoc cref="TracedTensor.hardswish"/>
    public static TracedTensor hardswish(TracedTensor input, bool inplace = false) => Finish(input, input.hardswish(), inplace);

    /// <inheritdoc cref="TracedTensor.hardsigmoid"/>
    public static TracedTensor hardsigmoid(TracedTensor input, bool inplace = false) => Finish(input, input.hardsigmoid(), inplace);

    /// <inheritdoc cref="TracedTensor.gelu()"/>
    public static TracedTensor gelu(TracedTensor x, bool inplace = false) => Finish(x, x.gelu(), inplace);

    /// <inheritdoc cref="TracedTensor.softmax"/>
    public static TracedTensor softmax(TracedTensor input, long dim, torch.ScalarType? dtype = null) => input.softmax(dim, dtype);

    /// <inheritdoc cref="TracedTensor.log_softmax"/>
    public static TracedTensor log_softmax(TracedTensor x, long dim) => x.log_softmax(dim);

    /// <summary>The input: an export is for evaluation, where nothing drops out.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="p">Not used.</param>
    /// <param name="training">Whether elements drop out also in evaluation, which cannot be exported.</param>
    /// <param name="inplace">Not used.</param>
    /// <exception cref="NotSupportedException"><paramref name="training"/> is true.</exception>
    public static TracedTensor dropout(TracedTensor input, double p = 0.5, bool training = true, bool inplace = false)
        => training
            ? throw new NotSupportedException(
                "A dropout that works in evaluation cannot be exported; pass the module's training flag: dropout(x, p, training).")
            : input.alias();

    /// <inheritdoc cref="dropout"/>
    public static TracedTensor dropout1d(TracedTensor input, double p = 0.5, bool training = true, bool inplace = false)
        => dropout(input, p, training, inplace);

    /// <inheritdoc cref="dropout"/>
    public static TracedTensor dropout2d(TracedTensor input, double p = 0.5, bool training = true, bool inplace = false)
        => dropout(input, p, training, inplace);

    /// <inheritdoc cref="dropout"/>
    public static TracedTensor dropout3d(TracedTensor input, double p = 0.5, bool training = true, bool inplace = false)
        => dropout(input, p, training, inplace);

    /// <inheritdoc cref="dropout"/>
    public static TracedTensor alpha_dropout(TracedTensor input, double p = 0.5, bool training = false, bool inplace = false)
        => dropout(input, p, training, inplace);

    internal static TracedTensor Finish(TracedTensor input, TracedTensor result, bool inplace) => inplace ? input.Become(result) : result;
}
