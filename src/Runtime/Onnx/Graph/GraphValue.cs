namespace QuantGen.Onnx.Graph;

/// <summary>A tensor of the graph: what a node produces, an input, or a constant.</summary>
/// <param name="name">The name, unique in the graph.</param>
/// <param name="type">The type of the elements.</param>
/// <param name="shape">The sizes; <see cref="Batch"/> and <see cref="Unknown"/> where a size changes from run to run.</param>
/// <param name="constant">The data of a constant.</param>
internal sealed class GraphValue(string name, ElementType type, long[] shape, GraphConstant? constant = null)
{
    /// <summary>Stands in a shape for the size of the batch.</summary>
    public const long Batch = -1;

    /// <summary>Stands in a shape for a size that depends on that of the batch.</summary>
    public const long Unknown = -2;

    /// <summary>The name, unique in the graph.</summary>
    public string Name { get; } = name;

    /// <summary>The type of the elements.</summary>
    public ElementType Type { get; } = type;

    /// <summary>The sizes: those of an example, until it is known which of them go with the batch.</summary>
    public IReadOnlyList<long> Shape { get; set; } = shape;

    /// <summary>The data; null for what is computed.</summary>
    public GraphConstant? Constant { get; } = constant;
}
