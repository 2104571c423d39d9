namespace QuantGen.Onnx.Graph;

/// <summary>An operation: an operator of ONNX's default domain, or <see cref="FakeQuantizeNode"/> until a target has replaced it.</summary>
internal class GraphNode
{
    /// <summary>An operation with one output.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="inputs">What it reads; null for an optional input that is left out.</param>
    /// <param name="output">What it computes.</param>
    /// <param name="layer">The path of the module in the model that it belongs to, for names and messages.</param>
    /// <param name="name">The operation's name; that of its output unless said otherwise.</param>
    public GraphNode(string opType, IEnumerable<GraphValue?> inputs, GraphValue output, string layer, string? name = null)
        => (OpType, Inputs, Output, Layer, Name) = (opType, [.. inputs], output, layer, name ?? output.Name);

    /// <summary>The operator.</summary>
    public string OpType { get; }

    /// <summary>The operation's name.</summary>
    public string Name { get; }

    /// <summary>What it reads; null for an optional input that is left out.</summary>
    public List<GraphValue?> Inputs { get; }

    /// <summary>What it computes.</summary>
    public GraphValue Output { get; set; }

    /// <summary>Which of the operator's outputs <see cref="Output"/> is; those before it are left out.</summary>
    public int OutputIndex { get; set; }

    /// <summary>The path of the module in the model that it belongs to.</summary>
    public string Layer { get; }

    /// <summary>The operator's attributes.</summary>
    public Dictionary<string, GraphAttribute> Attributes { get; } = [];

    /// <summary>An integer attribute, or what ONNX takes in its place.</summary>
    public long Integer(string attribute, long otherwise) => Attributes.TryGetValue(attribute, out GraphAttribute? found) ? (long)found.Value : otherwise;

    /// <summary>A float attribute, or what ONNX takes in its place.</summary>
    public float Number(string attribute, float otherwise) => Attributes.TryGetValue(attribute, out GraphAttribute? found) ? (float)found.Value : otherwise;
}
