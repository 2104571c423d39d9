using QuantGen.Onnx.Tracing.Operations;

namespace QuantGen.Onnx;

// Normalizations.
public static partial class TracedOps
{
    /// <summary>(x - mean) / √(variance + ε) · weight + bias over the last dimensions.</summary>
    /// <param name="input">The input.</param>
    /// <param name="normalized_shape">The sizes of these dimensions.</param>
    /// <param name="weight">The factor of each of their elements; null for 1.</param>
    /// <param name="bias">What is added to each; null for nothing.</param>
    /// <param name="eps">What is added to the variance.</param>
    public static TracedTensor layer_norm(
        TracedTensor input, long[] normalized_shape, TracedTensor? weight = null, TracedTensor? bias = null, double eps = 1e-5)
        => TracedNormalization.Layer(input, normalized_shape, weight, bias, eps);

    /// <summary>(x - mean) / √(variance + ε) · weight + bias over groups of channels.</summary>
    /// <param name="input">The input, [N, C, …].</param>
    /// <param name="num_groups">The number of groups.</param>
    /// <param name="weight">The factor of each channel; null for 1.</param>
    /// <param name="bias">What is added to each channel; null for nothing.</param>
    /// <param name="eps">What is added to the variance.</param>
    public static TracedTensor group_norm(TracedTensor input, long num_groups, TracedTensor? weight = null, TracedTensor? bias = null, double eps = 1e-5)
        => TracedNormalization.Group(input, num_groups, weight, bias, eps);

    /// <summary>(x - mean) / √(variance + ε) · weight + bias over each channel of each sample, or with running statistics.</summary>
    /// <param name="input">The input, [N, C, spatial…].</param>
    /// <param name="running_mean">The running means of the channels.</param>
    /// <param name="running_var">The running variances.</param>
    /// <param name="weight">The factor of each channel; null for 1.</param>
    /// <param name="bias">What is added to each channel; null for nothing.</param>
    /// <param name="use_input_stats">Whether statistics are those of the input.</param>
    /// <param name="momentum">Not used: running statistics do not change.</param>
    /// <param name="eps">What is added to the variance.</param>
    public static TracedTensor instance_norm(
        TracedTensor input, TracedTensor? running_mean = null, TracedTensor? running_var = null, TracedTensor? weight = null, TracedTensor? bias = null,
        bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5)
        => TracedNormalization.Instance(input, running_mean, running_var, weight, bias, use_input_stats, eps);

    /// <summary>(x - mean) / √(variance + ε) · weight + bias with running statistics.</summary>
    /// <param name="input">The input, [N, C, …].</param>
    /// <param name="running_mean">The running means of the channels.</param>
    /// <param name="running_var">The running variances.</param>
    /// <param name="weight">The factor of each channel; null for 1.</param>
    /// <param name="bias">What is added to each channel; null for nothing.</param>
    /// <param name="training">Whether statistics are those of the batch, which cannot be exported.</param>
    /// <param name="momentum">Not used.</param>
    /// <param name="eps">What is added to the variance.</param>
    /// <exception cref="NotSupportedException"><paramref name="training"/> is true.</exception>
    public static TracedTensor batch_norm(
        TracedTensor input, TracedTensor running_mean, TracedTensor running_var, TracedTensor? weight = null, TracedTensor? bias = null, bool training = false,
        double momentum = 0.1, double eps = 1e-5)
        => training
            ? throw new NotSupportedException("A batch normalization with statistics of the batch cannot be exported; pass the module's training flag.")
            : TracedBatchNorm.Record(input, running_mean, running_var, weight, bias, eps);

    /// <summary>x / (k + alpha · mean of the squares of neighbouring channels)^beta.</summary>
    /// <param name="input">The input, [N, C, …].</param>
    /// <param name="size">How many neighbours, an odd number.</param>
    /// <param name="alpha">The factor of the mean.</param>
    /// <param name="beta">The exponent.</param>
    /// <param name="k">What is added.</param>
    public static TracedTensor local_response_norm(TracedTensor input, long size, double alpha = 1e-4, double beta = 0.75, double k = 1)
        => TracedNormalization.LocalResponse(input, size, alpha, beta, k);

    /// <summary>x divided by its norm over a dimension.</summary>
    /// <param name="input">The input.</param>
    /// <param name="p">Which norm.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="eps">The smallest divisor.</param>
    public static TracedTensor normalize(TracedTensor input, double p = 2, long dim = 1, double eps = 1e-12)
        => input.div(input.norm((int)dim, keepdim: true, (float)p).clamp_min(eps));

    /// <summary>The cosine of the angle between vectors along a dimension.</summary>
    /// <param name="x1">The one vectors.</param>
    /// <param name="x2">The others.</param>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="eps">The smallest length.</param>
    public static TracedTensor cosine_similarity(TracedTensor x1, TracedTensor x2, long dim = 1, double eps = 1e-8)
        => normalize(x1, 2, dim, eps).mul(normalize(x2, 2, dim, eps)).sum(dim);
}
