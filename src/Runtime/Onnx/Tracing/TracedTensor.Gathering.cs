using QuantGen.Onnx.Tracing;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// Elements at places that tensors say.
public sealed partial class TracedTensor
{
    /// <summary>For each element of an index, the one at this place along a dimension, and at its own place along the others.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="index">Integers, of as many dimensions as this tensor.</param>
    public TracedTensor gather(long dim, TracedTensor index)
        => Record("GatherElements", Value.gather(dim, index.Value), [this, index.As(ScalarType.Int64)], ("axis", Axis(dim)));

    /// <summary>The parts at indices of a dimension, one after the other.</summary>
    /// <param name="dim">The dimension; a negative one counts from the end.</param>
    /// <param name="index">A vector of integers.</param>
    public TracedTensor index_select(long dim, TracedTensor index) => TracedIndexing.Gather(this, Axis(dim), index.ndim == 0 ? index.reshape(1) : index);

    /// <summary>This tensor with elements of another one at the places that an index says.</summary>
    /// <param name="dim">The dimension along which the index says places; a negative one counts from the end.</param>
    /// <param name="index">Integers.</param>
    /// <param name="src">The other tensor, of the index's shape.</param>
    public TracedTensor scatter(long dim, TracedTensor index, TracedTensor src)
        => Record("ScatterElements", Value.scatter(dim, index.Value, src.Value), [this, index.As(ScalarType.Int64), src.As(dtype)], ("axis", Axis(dim)));

    /// <inheritdoc cref="scatter"/>
    /// <remarks>In place.</remarks>
    public TracedTensor scatter_(long dim, TracedTensor index, TracedTensor src) => Become(scatter(dim, index, src));

    /// <summary>A copy filled with zeros.</summary>
    /// <param name="dtype">The type; null for this tensor's.</param>
    /// <param name="device">Not used.</param>
    /// <param name="requires_grad">Not used.</param>
    public TracedTensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full_like(0, dtype);

    /// <summary>A copy filled with ones.</summary>
    /// <param name="dtype">The type; null for this tensor's.</param>
    /// <param name="device">Not used.</param>
    /// <param name="requires_grad">Not used.</param>
    public TracedTensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => full_like(1, dtype);

    /// <summary>A copy filled with a number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="dtype">The type; null for this tensor's.</param>
    /// <param name="device">Not used.</param>
    /// <param name="requires_grad">Not used.</param>
    public TracedTensor full_like(TorchSharp.Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => FromTensor(full(shape, value, dtype: dtype ?? this.dtype, device: this.device));
}
