using QuantGen.Numerics.Kernels;
using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

// What memory a tensor has, and what happens to it.
public sealed partial class TracedTensor
{
    private readonly TracedMemory _memory;
    private readonly IReadOnlyList<TracedView> _views;
    private Tensor _seen;
    private GraphValue? _node;
    private int _version;

    internal TracedTensor(GraphTrace? trace, Tensor value, GraphValue? node)
        : this(new(trace, value, node), [], value, node)
    {
    }

    /// <summary>A constant that a quantizer made of another.</summary>
    internal TracedTensor(TensorQuantizer quantizer, Tensor constant, Tensor value)
        : this(new(quantizer, constant, GraphTrace.Keep(value)), [], value, null)
    {
    }

    private TracedTensor(TracedMemory memory, IReadOnlyList<TracedView> views, Tensor value, GraphValue? node)
        => (_memory, _views, _seen, _node, _version) = (memory, views, value, node, memory.Version);

    /// <summary>The example's value.</summary>
    internal Tensor Value
    {
        get
        {
            Refresh();
            return _seen;
        }
    }

    /// <summary>The value of the graph; null for a constant.</summary>
    internal GraphValue? Node
    {
        get
        {
            Refresh();
            return _node;
        }
    }

    /// <summary>The trace; null for a constant.</summary>
    internal GraphTrace? Trace => _memory.Trace;

    /// <summary>This tensor: a trace keeps its tensors until it is done.</summary>
    public TracedTensor MoveToOuterDisposeScope() => this;

    /// <inheritdoc cref="MoveToOuterDisposeScope"/>
    /// <param name="other">Not used.</param>
    public TracedTensor MoveToOtherDisposeScope(TracedTensor other) => this;

    /// <inheritdoc cref="MoveToOuterDisposeScope"/>
    /// <param name="other">Not used.</param>
    public TracedTensor MoveToOtherDisposeScope(DisposeScope other) => this;

    /// <inheritdoc cref="MoveToOuterDisposeScope"/>
    public TracedTensor DetachFromDisposeScope() => this;

    /// <summary>Does nothing: a trace keeps its tensors until it is done.</summary>
    public void Dispose()
    {
    }

    /// <summary>The same tensor: what changes in place through one of the two changes in both.</summary>
    public TracedTensor alias() => new(_memory, _views, Value, Node);

    /// <inheritdoc cref="alias"/>
    public TracedTensor detach() => alias();

    /// <summary>The same values with elements in row-major order: the same tensor where they are already, otherwise a copy.</summary>
    public TracedTensor contiguous() => Value.is_contiguous() ? alias() : Copy(Value.contiguous());

    /// <summary>A copy: a later change in place of one does not show in the other.</summary>
    public TracedTensor clone() => Copy(Value.clone());

    /// <summary>This tensor for an operation of a trace: the quantizer of a constant is recorded now.</summary>
    internal TracedTensor In(GraphTrace? trace)
    {
        if (trace is not null && _memory.Quantized is var (quantizer, constant))
        {
            TracedTensor recorded = QuantizerConverter.RecordWeight(quantizer, constant, trace);
            _memory.Change(trace, recorded.Value, trace.ValueOf(recorded));
        }

        return this;
    }

    /// <summary>What an operation in place leaves behind: in this object, and in everything that shares its memory.</summary>
    internal TracedTensor Become(TracedTensor result)
    {
        Tensor changed = result.Value;
        if (!changed.shape.AsSpan().SequenceEqual(shape))
        {
            throw new ArgumentException(
                $"A tensor of shape [{string.Join(", ", shape)}] cannot be changed in place into one of shape [{string.Join(", ", changed.shape)}].");
        }

        GraphTrace? trace = result.Trace ?? Trace;
        GraphTrace.RequireOwn(_memory.Value);
        GraphValue? node = trace?.ValueOf(result);
        Tensor[] sources = new Tensor[_views.Count + 1];
        sources[0] = _memory.Value;
        for (int i = 0; i < _views.Count; i++)
        {
            sources[i + 1] = GraphTrace.Keep(_views[i].Of(sources[i]));
        }

        GraphValue? whole = node;
        for (int i = _views.Count - 1; i >= 0; i--)
        {
            int count = i;
            changed = GraphTrace.Keep(_views[i].Undo(changed, sources[i]));
            whole = trace is null ? null : _views[i].RecordUndo(trace, whole!, sources[i], () => Before(count));
        }

        // Copied, so that the arrangement in memory stays what it was: whether a reshape later on is a view or a copy depends on it.
        Tensor kept = GraphTrace.Keep(_memory.Value.clone());
        kept.copy_(changed);
        _memory.Change(trace, kept, whole);
        (_seen, _node, _version) = (GraphTrace.Keep(_views.Aggregate(kept, (source, view) => view.Of(source))), node, _memory.Version);
        return this;

        // What the first views make of the memory before the change.
        GraphValue Before(int views) => views == 0
            ? trace!.ValueOf(new(_memory, [], sources[0], _memory.Node))
            : _views[views - 1].Record(trace!, Before(views - 1), sources[views]);
    }

    /// <summary>A view of this tensor, which shares its memory.</summary>
    private TracedTensor View(TracedView view)
    {
        Tensor result = GraphTrace.Keep(view.Of(Value));
        return new(_memory, [.. _views, view], result, Trace is { } trace ? view.Record(trace, Node!, result) : null);
    }

    /// <summary>A view, or a copy in the same arrangement where the elements cannot be read so without moving them.</summary>
    private TracedTensor ViewOrCopy(TracedView view)
    {
        TracedTensor result = View(view);
        return SharesMemory(result.Value, Value) ? result : new(Trace, result.Value, result.Node);
    }

    private TracedTensor Copy(Tensor value) => new(Trace, GraphTrace.Keep(value), Node);

    // Something else may have changed the memory since this tensor was looked at.
    private void Refresh()
    {
        if (_version == _memory.Version)
        {
            return;
        }

        (_seen, _node, _version) = (_memory.Value, _memory.Node, _memory.Version);
        foreach (TracedView view in _views)
        {
            _seen = GraphTrace.Keep(view.Of(_seen));
            _node = _memory.Trace is { } trace ? view.Record(trace, _node!, _seen) : null;
        }
    }

    // Without LibTorch's data pointers: a contiguous tensor never needs to be copied for another shape, another one mostly does.
    private static unsafe bool SharesMemory(Tensor view, Tensor source)
        => LibTorch.IsAvailable ? LibTorch.ConstData(view) == LibTorch.Data(source) : source.is_contiguous();
}
