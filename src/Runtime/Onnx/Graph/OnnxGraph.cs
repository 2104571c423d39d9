namespace QuantGen.Onnx.Graph;

/// <summary>A model as a graph of operations in the order of execution. Tracing builds it, the passes of a target change it, the writer prints it.</summary>
/// <param name="name">The model's name.</param>
/// <param name="input">The model's input.</param>
internal sealed class OnnxGraph(string name, GraphValue input)
{
    /// <summary>The name that the model's output gets in the file.</summary>
    public const string OutputName = "output";

    private readonly HashSet<string> _names = [input.Name, OutputName];

    /// <summary>The model's name, for the file and for messages.</summary>
    public string Name { get; } = name;

    /// <summary>The model's input.</summary>
    public GraphValue Input { get; } = input;

    /// <summary>The model's output; set when the graph is complete.</summary>
    public GraphValue? Output { get; set; }

    /// <summary>The operations, each after those whose results it reads.</summary>
    public List<GraphNode> Nodes { get; } = [];

    /// <summary>What a target expects its runtime to make of the operators.</summary>
    public IReadOnlyList<OnnxKernel> Kernels { get; set; } = [];

    /// <summary>Whether the model's quantizers are placed for ONNX Runtime, as its annotation or its author said.</summary>
    public bool IsForOnnxRuntime { get; set; }

    /// <summary>What the user should know about the export.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>A name that no value has yet: the wanted one, or one with a number behind it.</summary>
    public string UniqueName(string wanted)
    {
        string name = wanted;
        for (int i = 2; !_names.Add(name); i++)
        {
            name = $"{wanted}_{i}";
        }

        return name;
    }

    /// <summary>A new constant.</summary>
    public GraphValue Constant(string name, GraphConstant data) => new(UniqueName(name), data.Type, data.Shape, data);

    /// <summary>The operation that computes a value; null for inputs and constants.</summary>
    public GraphNode? Producer(GraphValue? value) => value is null ? null : Nodes.Find(node => node.Output == value);

    /// <summary>The operations that read a value.</summary>
    public IReadOnlyList<GraphNode> Consumers(GraphValue value) => Nodes.FindAll(node => node.Inputs.Contains(value));

    /// <summary>Whether a value is read by one operation and by nothing else.</summary>
    public bool HasOneReader(GraphValue value)
        => value != Output && Nodes.Sum(node => node.Inputs.Count(input => input == value)) == 1;

    /// <summary>Makes everything that reads one value read another one.</summary>
    public void ReplaceUses(GraphValue value, GraphValue replacement)
    {
        foreach (GraphNode node in Nodes)
        {
            for (int i = 0; i < node.Inputs.Count; i++)
            {
                if (node.Inputs[i] == value)
                {
                    node.Inputs[i] = replacement;
                }
            }
        }

        if (Output == value)
        {
            Output = replacement;
        }
    }

    /// <summary>Makes the operation that computes a value compute another one, and everything that reads it read that one.</summary>
    public void Rename(GraphValue value, GraphValue replacement)
    {
        Producer(value)!.Output = replacement;
        ReplaceUses(value, replacement);
    }

    /// <summary>Puts operations in the place of one.</summary>
    public void Replace(GraphNode node, params ReadOnlySpan<GraphNode> replacements)
    {
        int index = Nodes.IndexOf(node);
        Nodes.RemoveAt(index);
        Nodes.InsertRange(index, replacements.ToArray());
    }

    /// <summary>The constants that operations read, each once, in the order of their first use.</summary>
    public IEnumerable<GraphValue> Constants()
        => Nodes.SelectMany(node => node.Inputs).OfType<GraphValue>().Append(Output).OfType<GraphValue>()
            .Where(value => value.Constant is not null).Distinct();
}
