using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

/// <summary>
/// One step from the memory of a tensor to a view of it: the same elements in another arrangement. Each can be undone, so that a change in place of
/// the view becomes one of what it is a view of.
/// </summary>
internal abstract partial record TracedView
{
    /// <summary>The view of a tensor.</summary>
    public abstract Tensor Of(Tensor source);

    /// <summary>Changed values of the view in the arrangement of the tensor that it is a view of.</summary>
    public abstract Tensor Undo(Tensor changed, Tensor source);

    /// <summary>Records the view.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="source">The value that it is a view of.</param>
    /// <param name="result">The example's view.</param>
    public abstract GraphValue Record(GraphTrace trace, GraphValue source, Tensor result);

    /// <summary>Records the way back.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="changed">The changed view.</param>
    /// <param name="source">The example's value that it is a view of.</param>
    /// <param name="recorded">Gives the value that it is a view of, for views that leave elements out.</param>
    public abstract GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded);

    /// <summary>Another shape.</summary>
    public sealed record Reshape(long[] Sizes) : TracedView
    {
        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.reshape(Sizes);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source) => changed.reshape(source.shape);

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result) => trace.AddReshape(source, result);

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded)
            => trace.AddReshape(changed, source);
    }

    /// <summary>All dimensions behind the first as one, which ONNX has an operator for.</summary>
    public sealed record Flatten : TracedView
    {
        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.flatten(1);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source) => changed.reshape(source.shape);

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result) => trace.Add("Flatten", result, [source], ("axis", 1));

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded)
            => trace.AddReshape(changed, source);
    }

    /// <summary>Dimensions in another order.</summary>
    public sealed record Permute(long[] Order) : TracedView
    {
        private long[] Inverse => [.. Enumerable.Range(0, Order.Length).Select(axis => (long)Array.IndexOf(Order, axis))];

        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.permute(Order);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source) => changed.permute(Inverse);

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result) => trace.Add("Transpose", result, [source], ("perm", Order));

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded)
            => trace.Add("Transpose", source, [changed], ("perm", Inverse));
    }

    /// <summary>Without dimensions of size 1.</summary>
    public sealed record Squeeze(long[] Axes) : TracedView
    {
        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.reshape([.. source.shape.Where((_, axis) => !Axes.Contains(axis))]);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source) => changed.reshape(source.shape);

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result)
            => trace.Add("Squeeze", result, [source, trace.Integers("axes", Axes)]);

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded)
            => trace.Add("Unsqueeze", source, [changed, trace.Integers("axes", Axes)]);
    }

    /// <summary>With a new dimension of size 1.</summary>
    public sealed record Unsqueeze(long Axis) : TracedView
    {
        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.unsqueeze(Axis);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source) => changed.squeeze(Axis);

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result)
            => trace.Add("Unsqueeze", result, [source, trace.Integers("axes", Axis)]);

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded)
            => trace.Add("Squeeze", source, [changed, trace.Integers("axes", Axis)]);
    }
}
