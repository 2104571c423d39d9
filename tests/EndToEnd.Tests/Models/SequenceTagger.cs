using QuantGen;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace ModelZoo;

/// <summary>Words in, tags out: an LSTM whose result is deconstructed, and concrete types of TorchSharp everywhere.</summary>
[Quantize]
public class SequenceTagger : nn.Module<Tensor, Tensor>
{
    [FullPrecision] private readonly Embedding embedding;
    private readonly LSTM lstm;
    private readonly Linear decoder;
    private readonly LSTMCell cell;
    private readonly long _hidden;

    public SequenceTagger(long vocabulary, long hidden, long tags) : base(nameof(SequenceTagger))
    {
        _hidden = hidden;
        embedding = nn.Embedding(vocabulary, hidden);
        lstm = nn.LSTM(hidden, hidden, numLayers: 2, batchFirst: true, bidirectional: true);
        cell = nn.LSTMCell(2 * hidden, hidden);
        decoder = nn.Linear(hidden, tags);
        RegisterComponents();
        InitWeights();
    }

    private void InitWeights()
    {
        var initrange = 0.1;
        nn.init.uniform_(embedding.weight, -initrange, initrange);
        nn.init.zeros_(decoder.bias);
        nn.init.uniform_(decoder.weight, -initrange, initrange);
    }

    public override Tensor forward(Tensor words)
    {
        using var scope = NewDisposeScope();
        var (x, h, _) = lstm.call(embedding.call(words));
        var state = (h[0], zeros(words.shape[0], _hidden));
        var steps = new List<Tensor>();
        for (long t = 0; t < x.shape[1]; t++)
        {
            state = cell.call(x[.., t], state);
            steps.Add(decoder.call(state.Item1));
        }

        return stack(steps, 1).MoveToOuterDisposeScope();
    }
}
