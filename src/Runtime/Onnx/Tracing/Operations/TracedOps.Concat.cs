namespace QuantGen.Onnx;

// As many overloads as TorchSharp has: collection expressions take the span.
public static partial class TracedOps
{
    /// <summary>Tensors one behind the other.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dim">The dimension along which; not the batch.</param>
    public static TracedTensor cat(IList<TracedTensor> tensors, long dim = 0) => TracedTensor.Concatenate([.. tensors], dim);

    /// <inheritdoc cref="cat(IList{TracedTensor}, long)"/>
    public static TracedTensor cat(TracedTensor[] tensors, long dim = 0) => TracedTensor.Concatenate(tensors, dim);

    /// <inheritdoc cref="cat(IList{TracedTensor}, long)"/>
    public static TracedTensor cat(ReadOnlySpan<TracedTensor> tensors, long dim = 0) => TracedTensor.Concatenate([.. tensors], dim);

    /// <inheritdoc cref="cat(IList{TracedTensor}, long)"/>
    public static TracedTensor concat(IList<TracedTensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <inheritdoc cref="cat(IList{TracedTensor}, long)"/>
    public static TracedTensor concat(TracedTensor[] tensors, long dim = 0) => cat(tensors, dim);

    /// <inheritdoc cref="cat(IList{TracedTensor}, long)"/>
    public static TracedTensor concat(ReadOnlySpan<TracedTensor> tensors, long dim = 0) => cat(tensors, dim);

    /// <inheritdoc cref="cat(IList{TracedTensor}, long)"/>
    /// <param name="tensors">The tensors.</param>
    /// <param name="axis">The dimension along which; not the batch.</param>
    public static TracedTensor concatenate(IList<TracedTensor> tensors, long axis = 0) => cat(tensors, axis);

    /// <inheritdoc cref="concatenate(IList{TracedTensor}, long)"/>
    public static TracedTensor concatenate(TracedTensor[] tensors, long axis = 0) => cat(tensors, axis);

    /// <inheritdoc cref="concatenate(IList{TracedTensor}, long)"/>
    public static TracedTensor concatenate(ReadOnlySpan<TracedTensor> tensors, long axis = 0) => cat(tensors, axis);
}
