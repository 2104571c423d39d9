using QuantGen.Onnx.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx.Tracing;

/// <summary>One run of a model over traced tensors: builds the graph and owns the tensors that were computed on the way.</summary>
internal sealed class GraphTrace : IDisposable
{
    [ThreadStatic]
    private static GraphTrace? s_current;

    // By identity: two tensors compare element by element, two modules not at all.
    private readonly Dictionary<Module, string> _paths = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, string> _tensorNames = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, GraphValue> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Tensor, Tensor> _held = new(ReferenceEqualityComparer.Instance);
    private readonly List<Tensor> _owned = [];
    private readonly Dictionary<Tensor, GraphConstant> _parameters;
    private readonly GraphTrace? _outer = s_current;
    private string _layer = "";

    /// <summary>Starts a trace on this thread; it ends with <see cref="Dispose"/>.</summary>
    /// <param name="model">The model, for the names of its modules and parameters.</param>
    /// <param name="example">An example of the input; the trace owns it from now on.</param>
    /// <param name="parameters">The model's parameters and buffers as constants; filled here, so that several traces of a model share them.</param>
    public GraphTrace(Module model, Tensor example, Dictionary<Tensor, GraphConstant> parameters)
    {
        _parameters = parameters;
        foreach ((string name, Module module) in model.named_modules())
        {
            _paths.TryAdd(module, name);
        }

        foreach ((string name, Tensor tensor) in model.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)).Concat(model.named_buffers()))
        {
            _tensorNames.TryAdd(tensor, name);
        }

        GraphValue input = new("input", ElementType.Float, example.shape);
        Graph = new(model.GetName(), input);
        Input = new(this, Own(example), input);
        s_current = this;
    }

    /// <summary>What was recorded.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>The model's input.</summary>
    public TracedTensor Input { get; }

    /// <summary>Keeps a tensor that traced operations computed until the trace of this thread is done, whatever scope it was computed in.</summary>
    public static Tensor Keep(Tensor computed) => s_current is { } trace ? trace.Own(computed) : computed;

    /// <summary>
    /// Holds the memory of a tensor that traced operations were given until the trace of this thread is done: its own scope may end, or it may be disposed,
    /// before what reads it is recorded.
    /// </summary>
    public static Tensor Hold(Tensor given)
    {
        if (s_current is not { } trace || trace._tensorNames.ContainsKey(given))
        {
            return given;
        }

        if (!trace._held.TryGetValue(given, out Tensor? held))
        {
            trace._held.Add(given, held = trace.Own(given.alias()));
            trace._held.Add(held, held);
        }

        return held;
    }

    /// <summary>
    /// Stops at a change in place of what belongs to the model: each run of it would start from what the last one left, which a file cannot express.
    /// </summary>
    /// <exception cref="NotSupportedException">The tensor is a parameter or a buffer.</exception>
    public static void RequireOwn(Tensor changed)
    {
        if (s_current is { } trace && trace._tensorNames.TryGetValue(changed, out string? name))
        {
            string place = trace._layer.Length == 0 ? $"forward of {trace.Graph.Name}" : $"'{trace._layer}'";
            throw new NotSupportedException(
                $"{place} changes '{name}' of the model in place, which cannot be exported: a file keeps nothing between two runs.");
        }
    }

    /// <summary>The path of a module in the model, such as <c>layer1.conv1</c>; the name of its type where it has none.</summary>
    public string PathOf(Module module) => _paths.TryGetValue(module, out string? path) ? path : module.GetName();

    /// <summary>Records what a module does, under its name.</summary>
    public TResult Inside<TResult>(Module module, Func<TResult> record)
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

    /// <summary>Records an operation on traced tensors.</summary>
    public TracedTensor Record(
        string opType, Tensor value, ReadOnlySpan<TracedTensor?> inputs, params ReadOnlySpan<(string Name, GraphAttribute Value)> attributes)
    {
        GraphValue?[] values = new GraphValue?[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            values[i] = inputs[i] is { } input ? ValueOf(input) : null;
        }

        return new(this, Own(value), Add(opType, value, values, attributes));
    }

    /// <summary>Records a quantizer.</summary>
    public TracedTensor RecordQuantizer(TracedTensor input, Tensor value, Quantization quantization)
    {
        GraphValue output = new(Graph.UniqueName($"{quantization.Quantizer}/FakeQuantize"), ElementType.Float, value.shape);
        Graph.Nodes.Add(new FakeQuantizeNode(ValueOf(input), output, quantization));
        return new(this, Own(value), output);
    }

    /// <summary>Adds an operation to the graph.</summary>
    /// <param name="opType">The operator.</param>
    /// <param name="result">A tensor of the result's shape.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="attributes">Its attributes.</param>
    public GraphValue Add(
        string opType, Tensor result, IEnumerable<GraphValue?> inputs, params ReadOnlySpan<(string Name, GraphAttribute Value)> attributes)
    {
        string name = Graph.UniqueName(_layer.Length == 0 ? opType : $"{_layer}/{opType}");
        GraphNode node = new(opType, inputs, new(name, ElementTypes.Of(result.dtype), result.shape), _layer);
        foreach ((string attribute, GraphAttribute setting) in attributes)
        {
            node.Attributes.Add(attribute, setting);
        }

        Graph.Nodes.Add(node);
        return node.Output;
    }

    /// <summary>Adds a reshape to the graph, with the sizes of the example.</summary>
    public GraphValue AddReshape(GraphValue source, Tensor result) => Add("Reshape", result, [source, Integers("shape", result.shape)]);

    /// <summary>Integers that an operation takes as an input, such as a shape.</summary>
    public GraphValue Integers(string name, params ReadOnlySpan<long> values)
        => Graph.Constant(_layer.Length == 0 ? name : $"{_layer}/{name}", GraphConstant.Of(values, values.Length));

    /// <summary>The value of the graph for a traced tensor; tensors that were not computed from the input become constants.</summary>
    public GraphValue ValueOf(TracedTensor tensor)
    {
        if (tensor.In(this).Node is { } known)
        {
            return known;
        }

        Tensor value = tensor.Value;
        if (!_constants.TryGetValue(value, out GraphValue? constant))
        {
            constant = _tensorNames.TryGetValue(value, out string? parameter)
                ? Graph.Constant(parameter, Parameter(value))
                : Graph.Constant(_layer.Length == 0 ? "constant" : $"{_layer}/constant", ElementTypes.Constant(value));
            _constants.Add(value, constant);
        }

        return constant;
    }

    /// <summary>Owns a tensor: the scopes of a traced forward would free what is still needed to compute values behind them.</summary>
    public Tensor Own(Tensor tensor)
    {
        _owned.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        s_current = _outer;
        foreach (Tensor tensor in _owned)
        {
            tensor.Dispose();
        }
    }

    private GraphConstant Parameter(Tensor tensor)
    {
        if (!_parameters.TryGetValue(tensor, out GraphConstant? constant))
        {
            _parameters.Add(tensor, constant = ElementTypes.Constant(tensor));
        }

        return constant;
    }
}
