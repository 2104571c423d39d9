using QuantGen.Onnx.Tracing.Operations;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx;

// Recurrent layers, which take a state and give one.
public static partial class TracedModules
{
    /// <summary>Records an LSTM.</summary>
    /// <param name="module">The module.</param>
    /// <param name="input">The sequences, with a batch.</param>
    /// <param name="h0_c0">The first hidden and cell states; null for zeros.</param>
    /// <returns>The outputs of all steps, the last hidden and the last cell states.</returns>
    public static (TracedTensor, TracedTensor, TracedTensor) call(this LSTM module, TracedTensor input, (TracedTensor, TracedTensor)? h0_c0 = null)
        => Record(RecurrentKind.Lstm, module, input, h0_c0?.Item1, h0_c0?.Item2, probe => module.call(probe) is var (output, hidden, _) ? (output, hidden) : default);

    /// <inheritdoc cref="call(LSTM, TracedTensor, ValueTuple{TracedTensor, TracedTensor}?)"/>
    public static (TracedTensor, TracedTensor, TracedTensor) forward(this LSTM module, TracedTensor input, (TracedTensor, TracedTensor)? h0_c0 = null)
        => module.call(input, h0_c0);

    /// <summary>Records gated recurrent units.</summary>
    /// <param name="module">The module.</param>
    /// <param name="input">The sequences, with a batch.</param>
    /// <param name="h0">The first states; null for zeros.</param>
    /// <returns>The outputs of all steps, and the last states.</returns>
    public static (TracedTensor, TracedTensor) call(this GRU module, TracedTensor input, TracedTensor? h0 = null)
        => Record(RecurrentKind.Gru, module, input, h0, null, probe => module.call(probe)) is var (output, hidden, _) ? (output, hidden) : default;

    /// <inheritdoc cref="call(GRU, TracedTensor, TracedTensor)"/>
    public static (TracedTensor, TracedTensor) forward(this GRU module, TracedTensor input, TracedTensor? h0 = null) => module.call(input, h0);

    /// <summary>Records a simple recurrent layer.</summary>
    /// <param name="module">The module.</param>
    /// <param name="input">The sequences, with a batch.</param>
    /// <param name="h0">The first states; null for zeros.</param>
    /// <returns>The outputs of all steps, and the last states.</returns>
    public static (TracedTensor, TracedTensor) call(this RNN module, TracedTensor input, TracedTensor? h0 = null)
        => Record(RecurrentKind.Rnn, module, input, h0, null, probe => module.call(probe)) is var (output, hidden, _) ? (output, hidden) : default;

    /// <inheritdoc cref="call(RNN, TracedTensor, TracedTensor)"/>
    public static (TracedTensor, TracedTensor) forward(this RNN module, TracedTensor input, TracedTensor? h0 = null) => module.call(input, h0);

    private static (TracedTensor Output, TracedTensor Hidden, TracedTensor Cell) Record(
        RecurrentKind kind, Module module, TracedTensor input, TracedTensor? hidden, TracedTensor? cell, Func<Tensor, (Tensor Output, Tensor Hidden)> run)
    {
        ArgumentNullException.ThrowIfNull(module);
        ArgumentNullException.ThrowIfNull(input);
        TracedRecurrence recurrence = new(kind, module);
        return (input.Trace ?? hidden?.Trace ?? cell?.Trace) is not { } trace
            ? recurrence.Record(input, hidden, cell, run)
            : trace.Inside(module, () => recurrence.Record(input, hidden, cell, run));
    }
}
