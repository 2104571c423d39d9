using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records TorchSharp's LSTM, GRU and RNN: for each layer the operator of ONNX, which orders the gates in another way.</summary>
/// <param name="kind">Which of the three.</param>
/// <param name="module">The module; how it is built is read from its parameters and, where they do not tell, from what it computes.</param>
internal sealed class TracedRecurrence(RecurrentKind kind, Module module)
{
    private readonly Dictionary<string, Tensor> _parameters = module.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);

    private long Features => _parameters["weight_ih_l0"].shape[1];

    private string[] Suffixes => _parameters.ContainsKey("weight_ih_l0_reverse") ? ["", "_reverse"] : [""];

    /// <summary>The outputs of all steps, and the last hidden and cell states.</summary>
    /// <param name="input">[L, N, features], or [N, L, features] as the module is built.</param>
    /// <param name="hidden">The first hidden states, [layers · directions, N, size]; null for zeros.</param>
    /// <param name="cell">The first cell states of an LSTM.</param>
    /// <param name="run">Runs the module itself.</param>
    public (TracedTensor Output, TracedTensor Hidden, TracedTensor Cell) Record(
        TracedTensor input, TracedTensor? hidden, TracedTensor? cell, Func<Tensor, (Tensor Output, Tensor Hidden)> run)
    {
        if (input.ndim != 3)
        {
            throw new NotSupportedException(
                $"A recurrent layer is exported for an input with a batch, of 3 dimensions; here it has shape [{string.Join(", ", input.shape)}].");
        }

        // The states say where the batch is: their second dimension is always the batch.
        Tensor states = run(zeros(2, 3, Features, dtype: input.dtype, device: input.device)).Hidden;
        bool batchFirst = states.shape[1] == 2;
        RecurrentKind known = kind == RecurrentKind.Rnn ? Nonlinearity(run, input) : kind;
        TracedTensor current = batchFirst ? input.transpose(0, 1) : input;
        List<TracedTensor> hiddens = [], cells = [];
        int directions = Suffixes.Length;
        for (int layer = 0; _parameters.ContainsKey($"weight_ih_l{layer}"); layer++)
        {
            TracedTensor? h = hidden?.narrow(0, layer * directions, directions), c = cell?.narrow(0, layer * directions, directions);
            RecurrentLayer weights = new(known, [.. Suffixes.Select(suffix => Cell($"l{layer}{suffix}"))]);
            (TracedTensor y, TracedTensor lastCell) = weights.Record(current, h, c);
            hiddens.Add(directions == 1 ? y.select(0, -1) : TracedOps.cat([y.select(0, -1).narrow(0, 0, 1), y.select(0, 0).narrow(0, 1, 1)], 0));
            cells.Add(lastCell);
            current = y.transpose(1, 2).reshape(y.shape[0], y.shape[2], directions * y.shape[3]);
        }

        return (batchFirst ? current.transpose(0, 1) : current, TracedOps.cat(hiddens, 0), TracedOps.cat(cells, 0));
    }

    private RecurrentCell Cell(string suffix) => new(
        _parameters[$"weight_ih_{suffix}"], _parameters[$"weight_hh_{suffix}"], _parameters.GetValueOrDefault($"bias_ih_{suffix}"), _parameters.GetValueOrDefault(
            $"bias_hh_{suffix}"));

    // An RNN does not show which of its two functions it has: the first layer of one step, whose function is the one that gives its result.
    private RecurrentKind Nonlinearity(Func<Tensor, (Tensor Output, Tensor Hidden)> run, TracedTensor input)
    {
        Tensor step = linspace(-2, 2, Features, dtype: input.dtype, device: input.device).reshape(1, 1, -1);
        Tensor hidden = run(step).Hidden[0, 0];
        foreach (RecurrentKind candidate in new[] { RecurrentKind.Rnn, RecurrentKind.RectifiedRnn })
        {
            Tensor expected = Cell("l0").Step(candidate, step[0], zeros(1, hidden.shape[0], dtype: input.dtype, device: input.device), null).Hidden[0];
            if (hidden.allclose(expected, 1e-4, 1e-5))
            {
                return candidate;
            }
        }

        throw new NotSupportedException("This RNN computes neither with tanh nor with relu, and cannot be exported.");
    }
}
