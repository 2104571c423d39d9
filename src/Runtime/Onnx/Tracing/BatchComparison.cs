using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Tracing;

/// <summary>Two graphs of one model, traced with batches of different sizes: node k of the one is node k of the other.</summary>
internal sealed class BatchComparison
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<GraphValue, GraphValue> _counterparts = [];
    private readonly List<(GraphNode Node, ReshapeSizes Sizes)> _reshapes = [];
    private readonly List<(GraphNode Node, int Input, BatchSize[] Sizes)> _sizes = [];
    private readonly List<(GraphNode Node, int Input, BatchConstant Constant)> _constants = [];

    private BatchComparison(OnnxGraph graph) => _graph = graph;

    /// <summary>Gives all sizes in a graph that go with the batch in such a form that they do so in the file.</summary>
    /// <param name="graph">The graph, which is changed.</param>
    /// <param name="other">The same model with another size of the batch.</param>
    /// <returns>Null, or the difference between the two that no open size can express; nothing was changed then.</returns>
    public static string? Open(OnnxGraph graph, OnnxGraph other)
    {
        BatchComparison comparison = new(graph);
        if (comparison.FindDifference(other) is { } difference)
        {
            return difference;
        }

        comparison.Apply(new(graph, graph.Input.Shape[0], other.Input.Shape[0]));
        return null;
    }

    private string? FindDifference(OnnxGraph other)
    {
        BatchFactor factor = new(_graph.Input.Shape[0], other.Input.Shape[0]);
        _counterparts.Add(_graph.Input, other.Input);
        for (int i = 0; i < Math.Min(_graph.Nodes.Count, other.Nodes.Count); i++)
        {
            if (FindDifference(_graph.Nodes[i], other.Nodes[i], factor) is { } difference)
            {
                return difference;
            }

            _counterparts.Add(_graph.Nodes[i].Output, other.Nodes[i].Output);
        }

        return _graph.Nodes.Count != other.Nodes.Count ? $"it computes {other.Nodes.Count} operations in the place of {_graph.Nodes.Count}"
            : !IsCounterpart(_graph.Output!, other.Output!) ? "its output is another one"
            : null;
    }

    private string? FindDifference(GraphNode node, GraphNode other, BatchFactor factor)
    {
        if (node.OpType != other.OpType || node.Name != other.Name || node.Inputs.Count != other.Inputs.Count
            || node.Output.Shape.Count != other.Output.Shape.Count)
        {
            return $"it computes '{other.Name}' in the place of '{node.Name}'";
        }

        if (node.Attributes.FirstOrDefault(entry => !SameSetting(entry.Value.Value, other.Attributes.GetValueOrDefault(entry.Key)?.Value)) is { Key: { } name })
        {
            return $"attribute '{name}' of '{node.Name}' is another one";
        }

        for (int i = 0; i < node.Inputs.Count; i++)
        {
            (GraphValue? value, GraphValue? counterpart) = (node.Inputs[i], other.Inputs[i]);
            if (value is null != counterpart is null)
            {
                return $"'{node.Name}' has other inputs";
            }

            if (value is null || IsCounterpart(value, counterpart!))
            {
                continue;
            }

            if (value.Constant is not { } first || counterpart!.Constant is not { } second)
            {
                return $"'{node.Name}' reads another tensor";
            }

            if (node.OpType == "Reshape" && i == 1)
            {
                if (ReshapeSizes.Of(node, other, factor) is not { } sizes)
                {
                    return $"the shape that '{node.Name}' gives is no multiple of the batch";
                }

                _reshapes.Add((node, sizes));
            }
            else if (SizesOf(first, second, factor) is { } computed)
            {
                _sizes.Add((node, i, computed));
            }
            else if (BatchConstant.Of(first, second, factor) is { } constant)
            {
                _constants.Add((node, i, constant));
            }
            else
            {
                return $"a number or constant that '{node.Name}' reads is another one";
            }
        }

        return null;
    }

    // Integers of which each is the same with both batches or a multiple of them: positions of a slice, sizes of an expansion, times of a repetition.
    private static BatchSize[]? SizesOf(GraphConstant first, GraphConstant second, BatchFactor factor)
    {
        if (first.Type != ElementType.Int64 || second.Type != ElementType.Int64 || first.Shape is not [_] || !first.Shape.AsSpan().SequenceEqual(second.Shape))
        {
            return null;
        }

        BatchSize?[] sizes = [.. first.Integers().Zip(second.Integers(), (a, b) => a == b ? new BatchSize(a) : factor.Of(a, b))];
        return sizes.Contains(null) ? null : [.. sizes.Select(size => size!.Value)];
    }

    private bool IsCounterpart(GraphValue value, GraphValue other) => value.Constant is { } constant
        ? other.Constant is { } second && (ReferenceEquals(constant, second)
            || (constant.Type == second.Type && constant.Shape.AsSpan().SequenceEqual(second.Shape) && constant.Bytes.AsSpan().SequenceEqual(second.Bytes)))
        : _counterparts.TryGetValue(value, out GraphValue? counterpart) && counterpart == other;

    private static bool SameSetting(object setting, object? other)
        => setting switch
        {
            long[] integers => other is long[] others && integers.AsSpan().SequenceEqual(others),
            string[] texts => other is string[] others && texts.AsSpan().SequenceEqual(others),
            _ => setting.Equals(other),
        };

    private void Apply(BatchSizes sizes)
    {
        foreach ((GraphNode node, ReshapeSizes reshape) in _reshapes)
        {
            node.Inputs[1] = sizes.Value(node, $"{node.Name}/shape", reshape.Sizes);
        }

        foreach ((GraphNode node, int input, BatchSize[] integers) in _sizes)
        {
            node.Inputs[input] = sizes.Value(node, node.Inputs[input]!.Name, integers);
        }

        foreach ((GraphNode node, int input, BatchConstant constant) in _constants)
        {
            string name = node.Inputs[input]!.Name;
            GraphValue expanded = new(_graph.UniqueName($"{name}/Expand"), constant.Slice.Type, [.. constant.Sizes.Select(_ => GraphValue.Unknown)]);
            GraphValue shape = sizes.Value(node, $"{name}/shape", constant.Sizes);
            _graph.Nodes.Insert(_graph.Nodes.IndexOf(node), new("Expand", [_graph.Constant(name, constant.Slice), shape], expanded, node.Layer));
            node.Inputs[input] = expanded;
        }

        foreach ((GraphValue value, GraphValue other) in _counterparts)
        {
            value.Shape = [.. value.Shape.Zip(other.Shape, sizes.Declared)];
        }
    }
}
