using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Tracing;

/// <summary>Computes sizes that go with the batch in the graph, from the shape of its input.</summary>
internal sealed class BatchSizes(OnnxGraph graph, long first, long second)
{
    private readonly Dictionary<BatchSize, GraphValue> _computed = [];
    private int _inserted;

    /// <summary>What to declare of a size that is <paramref name="inFirst"/> with the one batch and <paramref name="inSecond"/> with the other.</summary>
    public long Declared(long inFirst, long inSecond)
        => inFirst == inSecond ? inFirst : inFirst == first && inSecond == second ? GraphValue.Batch : GraphValue.Unknown;

    /// <summary>Sizes as a value of the graph: a constant where none has to be computed.</summary>
    /// <param name="reader">The operation that reads them.</param>
    /// <param name="name">The name of the value.</param>
    /// <param name="sizes">The sizes.</param>
    public GraphValue Value(GraphNode reader, string name, IReadOnlyList<BatchSize> sizes)
    {
        if (sizes.All(size => size.Denominator == 0))
        {
            return graph.Constant(name, GraphConstant.Of([.. sizes.Select(size => size.Numerator)], sizes.Count));
        }

        GraphValue[] parts = [.. sizes.Select(size => size.Denominator == 0 ? Number(size.Numerator) : Computed(size))];
        GraphNode concatenation = new("Concat", parts, new(graph.UniqueName(name), ElementType.Int64, [sizes.Count]), reader.Layer);
        concatenation.Attributes.Add("axis", 0);
        graph.Nodes.Insert(graph.Nodes.IndexOf(reader), concatenation);
        return concatenation.Output;
    }

    // All at the start of the graph, each once.
    private GraphValue Computed(BatchSize size)
    {
        if (_computed.TryGetValue(size, out GraphValue? known))
        {
            return known;
        }

        GraphValue value = Batch();
        if (size.Numerator != 1)
        {
            value = Insert("Mul", "size", value, Number(size.Numerator));
        }

        if (size.Denominator != 1)
        {
            value = Insert("Div", "size", value, Number(size.Denominator));
        }

        _computed[size] = value;
        return value;
    }

    private GraphValue Batch()
    {
        BatchSize batch = new(1, 1);
        if (!_computed.TryGetValue(batch, out GraphValue? value))
        {
            GraphValue shape = Insert("Shape", "input/Shape", graph.Input);
            _computed.Add(batch, value = Insert("Gather", "batch", shape, Number(0)));
        }

        return value;
    }

    private GraphValue Insert(string opType, string name, params GraphValue[] inputs)
    {
        GraphValue output = new(graph.UniqueName(name), ElementType.Int64, opType == "Shape" ? [graph.Input.Shape.Count] : [1]);
        graph.Nodes.Insert(_inserted++, new(opType, inputs, output, ""));
        return output;
    }

    private GraphValue Number(long number) => graph.Constant("number", GraphConstant.Of([number], 1));
}
