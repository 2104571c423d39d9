using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

// Views that leave elements out, or repeat them.
internal abstract partial record TracedView
{
    /// <summary>Every <paramref name="Step"/>th index of an axis from a start to before an end; negative ones count from the end of the axis.</summary>
    /// <param name="Axis">The axis.</param>
    /// <param name="Start">The first index.</param>
    /// <param name="End">The one behind the last; null for the end of the axis.</param>
    /// <param name="Step">The distance, at least 1.</param>
    public sealed record Slice(int Axis, long Start, long? End, long Step) : TracedView
    {
        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.slice(Axis, Start, End ?? long.MaxValue, Step);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source)
        {
            Tensor whole = source.clone();
            Of(whole).copy_(changed);
            return whole;
        }

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result)
        {
            GraphValue?[] inputs =
            [
                source, trace.Integers("starts", Start), trace.Integers("ends", End ?? long.MaxValue), trace.Integers("axes", Axis),
                .. Step == 1 ? (GraphValue?[])[] : [trace.Integers("steps", Step)],
            ];
            return trace.Add("Slice", result, inputs);
        }

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded)
        {
            long size = source.size(Axis), start = Position(Start, size), end = End is { } given ? Position(given, size) : size;
            return Step == 1 ? Between(trace, changed, source, recorded, start, end) : Among(trace, changed, source, recorded, start, end);
        }

        // What is before, the slice, and what is behind; with the numbers of the slice itself, so that they hold for any batch.
        private GraphValue Between(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded, long start, long end)
        {
            List<GraphValue> parts = [changed];
            if (start > 0)
            {
                parts.Insert(0, Part(new(Axis, 0, Start, 1)));
            }

            if (end < source.size(Axis))
            {
                parts.Add(Part(new(Axis, End ?? end, null, 1)));
            }

            return parts.Count == 1 ? changed : trace.Add("Concat", source, parts, ("axis", Axis));

            GraphValue Part(Slice slice) => slice.Record(trace, recorded(), slice.Of(source));
        }

        // Elements of the slice lie between others: each index is taken from what was there before, or from the slice behind it.
        private GraphValue Among(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded, long start, long end)
        {
            long size = source.size(Axis);
            long[] from = [.. Enumerable.Range(0, (int)size).Select(i => i >= start && i < end && (i - start) % Step == 0 ? size + ((i - start) / Step) : i)];
            GraphValue both = trace.Add("Concat", cat([source, Of(source)], Axis), [recorded(), changed], ("axis", Axis));
            return trace.Add("Gather", source, [both, trace.Integers("indices", from)], ("axis", Axis));
        }

        private static long Position(long index, long size) => Math.Clamp(index < 0 ? index + size : index, 0, size);
    }

    /// <summary>Dimensions of size 1 as larger ones, and new ones in front, without a copy of the elements.</summary>
    /// <param name="Sizes">The sizes of the result.</param>
    public sealed record Expand(long[] Sizes) : TracedView
    {
        /// <inheritdoc/>
        public override Tensor Of(Tensor source) => source.expand(Sizes);

        /// <inheritdoc/>
        public override Tensor Undo(Tensor changed, Tensor source) => throw Refusal();

        /// <inheritdoc/>
        public override GraphValue Record(GraphTrace trace, GraphValue source, Tensor result)
        {
            // A size of 1 keeps what is there, also where that goes with the batch.
            int added = Sizes.Length - source.Shape.Count;
            long[] sizes = [.. result.shape.Select((size, axis) => axis >= added && source.Shape[axis - added] == size ? 1 : size)];
            return trace.Add("Expand", result, [source, trace.Integers("shape", sizes)]);
        }

        /// <inheritdoc/>
        public override GraphValue RecordUndo(GraphTrace trace, GraphValue changed, Tensor source, Func<GraphValue> recorded) => throw Refusal();

        private static NotSupportedException Refusal()
            => new("An expanded tensor is changed in place: several of its elements are one in memory, so that TorchSharp refuses this too. Change a clone() of it.");
    }
}
