using TorchSharp;

namespace QuantGen.Onnx;

/// <summary>
/// The functions of <c>torch</c> and <c>torch.nn.functional</c> over traced tensors, with the same names and parameters.
/// </summary>
/// <remarks>What is here and on <see cref="TracedTensor"/> is what can be exported; there is no other list.</remarks>
public static partial class TracedOps
{
    /// <inheritdoc cref="TracedTensor.add(TracedTensor)"/>
    public static TracedTensor add(TracedTensor left, TracedTensor right) => left.add(right);

    /// <inheritdoc cref="TracedTensor.add(TracedTensor)"/>
    public static TracedTensor add(TracedTensor left, Scalar right) => left.add(right);

    /// <inheritdoc cref="TracedTensor.add(TracedTensor, Scalar)"/>
    public static TracedTensor add(TracedTensor left, TracedTensor right, Scalar alpha) => left.add(right, alpha);

    /// <inheritdoc cref="TracedTensor.add_(TracedTensor)"/>
    public static TracedTensor add_(TracedTensor left, TracedTensor right) => left.add_(right);

    /// <inheritdoc cref="TracedTensor.sub(TracedTensor)"/>
    public static TracedTensor sub(TracedTensor left, TracedTensor right) => left.sub(right);

    /// <inheritdoc cref="TracedTensor.sub(TracedTensor)"/>
    public static TracedTensor sub(TracedTensor left, Scalar right) => left.sub(right);

    /// <inheritdoc cref="TracedTensor.mul(TracedTensor)"/>
    public static TracedTensor mul(TracedTensor left, TracedTensor right) => left.mul(right);

    /// <inheritdoc cref="TracedTensor.mul(TracedTensor)"/>
    public static TracedTensor mul(TracedTensor left, Scalar right) => left.mul(right);

    /// <inheritdoc cref="TracedTensor.div(TracedTensor)"/>
    public static TracedTensor div(TracedTensor left, TracedTensor right) => left.div(right);

    /// <inheritdoc cref="TracedTensor.div(TracedTensor)"/>
    public static TracedTensor div(TracedTensor left, Scalar right) => left.div(right);

    /// <inheritdoc cref="TracedTensor.neg"/>
    public static TracedTensor neg(TracedTensor input) => input.neg();

    /// <inheritdoc cref="TracedTensor.abs"/>
    public static TracedTensor abs(TracedTensor input) => input.abs();

    /// <inheritdoc cref="TracedTensor.exp"/>
    public static TracedTensor exp(TracedTensor input) => input.exp();

    /// <inheritdoc cref="TracedTensor.sqrt"/>
    public static TracedTensor sqrt(TracedTensor input) => input.sqrt();

    /// <inheritdoc cref="TracedTensor.clamp(Scalar, Scalar)"/>
    public static TracedTensor clamp(TracedTensor input, Scalar? min = null, Scalar? max = null) => input.clamp(min, max);

    /// <inheritdoc cref="TracedTensor.matmul"/>
    public static TracedTensor matmul(TracedTensor input, TracedTensor target) => input.matmul(target);

    /// <inheritdoc cref="TracedTensor.bmm"/>
    public static TracedTensor bmm(TracedTensor input, TracedTensor batch2) => input.bmm(batch2);

    /// <inheritdoc cref="TracedTensor.mm"/>
    public static TracedTensor mm(TracedTensor input, TracedTensor target) => input.mm(target);

    /// <inheritdoc cref="TracedTensor.flatten"/>
    public static TracedTensor flatten(TracedTensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    /// <inheritdoc cref="TracedTensor.reshape"/>
    public static TracedTensor reshape(TracedTensor input, params long[] shape) => input.reshape(shape);

    /// <inheritdoc cref="TracedTensor.transpose"/>
    public static TracedTensor transpose(TracedTensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    /// <inheritdoc cref="TracedTensor.permute"/>
    public static TracedTensor permute(TracedTensor input, params long[] permutation) => input.permute(permutation);

    /// <inheritdoc cref="TracedTensor.squeeze"/>
    public static TracedTensor squeeze(TracedTensor input, long? dim = null) => input.squeeze(dim);

    /// <inheritdoc cref="TracedTensor.unsqueeze"/>
    public static TracedTensor unsqueeze(TracedTensor input, long dim) => input.unsqueeze(dim);
}
