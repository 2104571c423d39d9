using QuantGen.Onnx.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx;

/// <summary>One run of a model over traced tensors: builds the graph and owns the tensors that were computed on the way.</summary>
internal sealed class GraphTrace : IDisposable
{
    // By identity: two tensors compare element by element, two modules not at all.
    private readonly Dictionary<Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> _tensorNames = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, GraphValue> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> _owned = [];
    private string _layer = "";

    /// <summary>Starts a trace.</summary>
    /// <param name="model">The model, for the names of its modules and parameters.</param>
    /// <param name="example">An example of the input; its first dimension is the batch.</param>
    public GraphTrace(Module model, Tensor example)
    {
        foreach ((string name, Module module) in model.named_modules())
        {
            _paths.TryAdd(module, name);
        }

        foreach ((string name, Tensor tensor) in model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(model.named_buffers()))
        {
            _tensorNames.TryAdd(tensor, name);
        }

        BatchSize = example.shape[0];
        GraphValue input = new("input", ElementType.Float, Sizes(example, batchAxis: 0));
        Graph = new(model.GetName(), input);
        Input = new(this, Own(example), input, batchAxis: 0);
    }

    /// <summary>The number of samples of the example.</summary>
    public long BatchSize { get; }

    /// <summary>What was recorded.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The model's input.</summary>
    public TracedTensor Input { get; }

    /// <summary>The path of a module in the model, such as <c>layer1.conv1</c>; the name of its type where it has none.</summary>
    public string PathOf(Module module) => _paths.TryGetValue(module, out string? path) ? path : module.GetName();

    /// <summary>Records what a module does, under its name.</summary>
    public TracedTensor Inside(Module module, Func<TracedTensor> record)
    {
        string outer = _layer;
        _layer = _paths.GetValueOrDefault(module, outer);
        try
        {
            return record();
        }
        finally
        {
            _layer = outer;
        }
    }

    /// <summary>Records an operation.</summary>
    public TracedTensor Record(
        string opType, Tensor value, int? batchAxis, ReadOnlySpan<TracedTensor?> inputs, ReadOnlySpan<(string Name, GraphAttribute Value)> attributes)
    {
        GraphValue?[] values = new GraphValue?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            values[i] = inputs[i] is { } input ? ValueOf(input) : null;
        }

        string name = Graph.UniqueName(_layer.Length == 0 ? opType : $"{_layer}/{opType}");
        GraphNode node = new(opType, values, new(name, ElementType.Float, Sizes(value, batchAxis)), _layer);
        foreach ((string attribute, GraphAttribute setting) in attributes)
        {
            node.Attributes.Add(attribute, setting);
        }

        Graph.Nodes.Add(node);
        return new(this, Own(value), node.Output, batchAxis);
    }

    /// <summary>Records a quantizer.</summary>
    public TracedTensor RecordQuantizer(TracedTensor input, Tensor value, Quantization quantization)
    {
        GraphValue output = new(Graph.UniqueName($"{quantization.Quantizer}/FakeQuantize"), ElementType.Float, Sizes(value, input.BatchAxis));
        Graph.Nodes.Add(new FakeQuantizeNode(ValueOf(input), output, quantization));
        return new(this, Own(value), output, input.BatchAxis);
    }

    /// <summary>Integers that an operation takes as an input, such as a shape.</summary>
    public GraphValue Integers(string name, params ReadOnlySpan<long> values)
        => Graph.Constant(_layer.Length == 0 ? name : $"{_layer}/{name}", GraphConstant.Of(values, values.Length));

    /// <summary>Adds an input that is no traced tensor to the operation that was recorded last.</summary>
    public void AddInput(TracedTensor result, GraphValue? input) => Graph.Producer(result.Node)!.Inputs.Add(input);

    /// <summary>The value of the graph for a traced tensor; tensors that were not computed from the input become constants.</summary>
    public GraphValue ValueOf(TracedTensor tensor)
    {
        tensor = tensor.In(this);
        if (tensor.Node is { } known)
        {
            return known;
        }

        if (!_constants.TryGetValue(tensor.Value, out GraphValue? constant))
        {
            string name = _tensorNames.TryGetValue(tensor.Value, out string? found) ? found : _layer.Length == 0 ? "constant" : $"{_layer}/constant";
            constant = Graph.Constant(name, GraphConstant.Of(ToFloats(tensor.Value), tensor.Value.shape));
            _constants.Add(tensor.Value, constant);
        }

        return constant;
    }

    /// <summary>The elements of a tensor on any device, in row-major order.</summary>
    public static float[] ToFloats(Tensor tensor)
    {
        if (!tensor.is_floating_point())
        {
            throw new NotSupportedException($"The export writes floating-point tensors; a constant of the model is {tensor.dtype}. Convert it to float32.");
        }

        using var scope = NewDisposeScope();
        return [.. tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>()];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _owned)
        {
            tensor.Dispose();
        }
    }

    // The scopes of a traced forward would free what is still needed to compute values behind them.
    private Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    private long[] Sizes(Tensor value, int? batchAxis)
    {
        long[] sizes = value.shape;
        if (batchAxis is { } axis)
        {
            sizes[axis] = sizes[axis] == BatchSize ? GraphValue.Batch : GraphValue.Unknown;
        }

        return sizes;
    }
}
