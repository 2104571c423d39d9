using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>The kinds of recurrent layers.</summary>
internal enum RecurrentKind
{
    /// <summary>Long short-term memory.</summary>
    Lstm,

    /// <summary>Gated recurrent units.</summary>
    Gru,

    /// <summary>The simple kind with tanh.</summary>
    Rnn,

    /// <summary>The simple kind with relu.</summary>
    RectifiedRnn,
}

/// <summary>The weights of one layer in one direction: rows of gates, in torch's order.</summary>
internal sealed record RecurrentCell(Tensor InputWeight, Tensor HiddenWeight, Tensor? InputBias, Tensor? HiddenBias)
{
    /// <summary>One step, by the formulas of torch's documentation.</summary>
    public (Tensor Hidden, Tensor? Cell) Step(RecurrentKind kind, Tensor input, Tensor hidden, Tensor? cell)
    {
        Tensor ofInput = nn.functional.linear(input, InputWeight, InputBias), ofHidden = nn.functional.linear(hidden, HiddenWeight, HiddenBias);
        switch (kind)
        {
            case RecurrentKind.Lstm:
                Tensor[] gates = (ofInput + ofHidden).chunk(4, 1);
                Tensor next = (gates[1].sigmoid() * cell!) + (gates[0].sigmoid() * gates[2].tanh());
                return (gates[3].sigmoid() * next.tanh(), next);

            case RecurrentKind.Gru:
                Tensor[] x = ofInput.chunk(3, 1), h = ofHidden.chunk(3, 1);
                Tensor update = (x[1] + h[1]).sigmoid();
                Tensor candidate = (x[2] + ((x[0] + h[0]).sigmoid() * h[2])).tanh();
                return (((1 - update) * candidate) + (update * hidden), null);

            default:
                Tensor sum = ofInput + ofHidden;
                return (kind == RecurrentKind.Rnn ? sum.tanh() : sum.relu(), null);
        }
    }
}

/// <summary>One layer, in one direction or both.</summary>
internal sealed record RecurrentLayer(RecurrentKind Kind, RecurrentCell[] Cells)
{
    private static readonly string[] s_functions = ["Sigmoid", "Tanh", "Tanh"];

    // Torch has the gates of an LSTM as input, forget, cell, output and those of a GRU as reset, update, new; ONNX as input, output, forget, cell and
    // update, reset, new.
    private int[] Order => Kind switch
    {
        RecurrentKind.Lstm => [0, 3, 1, 2],
        RecurrentKind.Gru => [1, 0, 2],
        _ => [0],
    };

    /// <summary>All hidden states [L, directions, N, size], and the last cell states [directions, N, size]; the hidden ones where there are no cells.</summary>
    public (TracedTensor Hiddens, TracedTensor LastCell) Record(TracedTensor input, TracedTensor? hidden, TracedTensor? cell)
    {
        (Tensor hiddens, Tensor lastCell) = Run(input.Value, hidden?.Value, cell?.Value);
        TracedTensor?[] inputs =
        [
            input, Weight(c => c.InputWeight), Weight(c => c.HiddenWeight),
            Cells[0].InputBias is null ? null : Weight(c => cat([Reordered(c.InputBias!), Reordered(c.HiddenBias!)], 0), reorder: false),
            null, hidden, cell,
        ];
        TracedTensor all = RecordOutput(hiddens, inputs, output: 0);
        return (all, Kind == RecurrentKind.Lstm ? RecordOutput(lastCell, inputs, output: 2) : all.select(0, -1));
    }

    private TracedTensor RecordOutput(Tensor value, TracedTensor?[] inputs, int output)
    {
        List<(string, GraphAttribute)> attributes = [("hidden_size", Cells[0].HiddenWeight.shape[1]), ("direction", Cells.Length == 2 ? "bidirectional" : "forward")];
        if (Kind == RecurrentKind.Gru)
        {
            attributes.Add(("linear_before_reset", 1));
        }
        else if (Kind == RecurrentKind.RectifiedRnn)
        {
            attributes.Add(("activations", (string[])[.. Cells.Select(_ => "Relu")]));
        }

        if (output != 0)
        {
            // The default, spelled out: ONNX Runtime takes two equal operators for one and then misses the outputs that the first of them leaves out.
            attributes.Add(("activations", (string[])[.. Cells.SelectMany(_ => s_functions)]));
        }

        string opType = Kind switch { RecurrentKind.Lstm => "LSTM", RecurrentKind.Gru => "GRU", _ => "RNN" };
        TracedTensor result = TracedTensor.Record(opType, value, inputs, [.. attributes]);
        if (result.Trace is { } trace)
        {
            trace.Graph.Nodes[^1].OutputIndex = output;
        }

        return result;
    }

    private (Tensor Hiddens, Tensor LastCell) Run(Tensor input, Tensor? hidden, Tensor? cell)
    {
        long steps = input.shape[0], batch = input.shape[1], size = Cells[0].HiddenWeight.shape[1];
        List<Tensor> directions = [], cells = [];
        for (int direction = 0; direction < Cells.Length; direction++)
        {
            Tensor h = hidden?[direction] ?? zeros(batch, size, dtype: input.dtype, device: input.device);
            Tensor? c = cell?[direction] ?? zeros(batch, size, dtype: input.dtype, device: input.device);
            Tensor[] all = new Tensor[steps];
            for (long i = 0; i < steps; i++)
            {
                long step = direction == 0 ? i : steps - 1 - i;
                (h, c) = Cells[direction].Step(Kind, input[step], h, c);
                all[step] = h;
            }

            directions.Add(stack(all));
            cells.Add(c ?? h);
        }

        return (stack(directions, 1), stack(cells));
    }

    private TracedTensor Weight(Func<RecurrentCell, Tensor> of, bool reorder = true)
        => TracedTensor.FromTensor(stack([.. Cells.Select(c => reorder ? Reordered(of(c)) : of(c))]));

    private Tensor Reordered(Tensor gates)
    {
        Tensor[] parts = gates.chunk(Order.Length, 0);
        return cat([.. Order.Select(gate => parts[gate])], 0);
    }
}
