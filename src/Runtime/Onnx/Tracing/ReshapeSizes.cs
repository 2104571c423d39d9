using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Tracing;

/// <summary>The sizes that a reshape gives, in a form that holds for every size of the batch.</summary>
internal sealed record ReshapeSizes(IReadOnlyList<BatchSize> Sizes)
{
    /// <summary>
    /// The sizes of a reshape from its input and output in two runs. One size that varies is what the others leave; of several, those that are as before
    /// are taken over, and others are computed from the batch.
    /// </summary>
    /// <returns>The sizes, or null where one would have to be computed and is no multiple of the batch.</returns>
    public static ReshapeSizes? Of(GraphNode node, GraphNode other, BatchFactor factor)
    {
        (IReadOnlyList<long> from, IReadOnlyList<long> otherFrom) = (node.Inputs[0]!.Shape, other.Inputs[0]!.Shape);
        (IReadOnlyList<long> to, IReadOnlyList<long> otherTo) = (node.Output.Shape, other.Output.Shape);
        int[] varying = [.. Enumerable.Range(0, to.Count).Where(axis => to[axis] != otherTo[axis])];
        int[] rest = varying.Length == 1 ? varying : [.. varying.Where(axis => !IsKept(axis)).Take(1)];
        BatchSize?[] sizes =
        [
            .. Enumerable.Range(0, to.Count).Select(axis =>
                !varying.Contains(axis) ? new(to[axis])
                : rest.Contains(axis) ? BatchSize.Rest
                : IsKept(axis) ? BatchSize.Same
                : factor.Of(to[axis], otherTo[axis])),
        ];
        return sizes.Contains(null) ? null : new([.. sizes.Select(size => size!.Value)]);

        bool IsKept(int axis) => axis < from.Count && from[axis] == to[axis] && otherFrom[axis] == otherTo[axis];
    }
}
