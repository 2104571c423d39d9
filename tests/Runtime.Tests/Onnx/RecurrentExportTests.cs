using QuantGen.Onnx;
using QuantGen.Tests.Onnx.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>LSTM, GRU and RNN over sequences [N, 7, 5], or [7, N, 5] where the batch comes second.</summary>
public sealed class RecurrentExportTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public RecurrentExportTests() => manual_seed(31);

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(1, false, true, true)]
    [InlineData(2, true, true, true)]
    [InlineData(2, true, false, true)]
    [InlineData(1, true, true, false)]
    public void An_lstm_is_the_same_in_onnx_runtime(int layers, bool bidirectional, bool batchFirst, bool bias)
    {
        LSTM lstm = LSTM(5, 4, layers, bias, batchFirst, bidirectional: bidirectional);
        AssertSame(
            x => lstm.call(Arranged(x, batchFirst)) is var (y, h, c) ? y.sum() + h * 2 + c * 3 : x,
            x => lstm.call(Arranged(x, batchFirst)) is var (y, h, c) ? y.sum() + h * 2 + c * 3 : x,
            lstm);
        AssertSame(x => lstm.call(Arranged(x, batchFirst)).Item1, x => lstm.call(Arranged(x, batchFirst)).Item1, lstm);
    }

    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, true, false)]
    public void Gated_recurrent_units_are_the_same_in_onnx_runtime(int layers, bool bidirectional, bool batchFirst)
    {
        GRU gru = GRU(5, 4, layers, batchFirst: batchFirst, bidirectional: bidirectional);
        AssertSame(
            x => gru.call(Arranged(x, batchFirst)) is var (y, h) ? y.sum() + h * 2 : x,
            x => gru.call(Arranged(x, batchFirst)) is var (y, h) ? y.sum() + h * 2 : x,
            gru);
        AssertSame(x => gru.call(Arranged(x, batchFirst)).Item1, x => gru.call(Arranged(x, batchFirst)).Item1, gru);
    }

    [Theory]
    [InlineData(NonLinearities.Tanh, false)]
    [InlineData(NonLinearities.ReLU, true)]
    public void A_simple_recurrent_layer_is_the_same_in_onnx_runtime(NonLinearities function, bool bidirectional)
    {
        RNN rnn = RNN(5, 4, 1, function, batchFirst: true, bidirectional: bidirectional);
        AssertSame(x => rnn.call(x).Item1, x => rnn.call(x).Item1, rnn);
    }

    [Fact]
    public void States_that_are_given_are_those_that_it_starts_from()
    {
        LSTM lstm = LSTM(5, 4, 2, batchFirst: true);
        AssertSame(
            x => lstm.call(x, (x[TensorIndex.Ellipsis, ..1].mean([1]).expand(-1, 4).unsqueeze(0).repeat(2, 1, 1), zeros(2, x.shape[0], 4))).Item1,
            x => lstm.call(x, (x[TensorIndex.Ellipsis, ..1].mean([1]).expand(-1, 4).unsqueeze(0).repeat(2, 1, 1), zeros(2, x.shape[0], 4))).Item1,
            lstm);
    }

    [Fact]
    public void The_cell_states_are_computed_only_where_they_are_read()
    {
        LSTM lstm = LSTM(5, 4, batchFirst: true);
        TracedFunction model = new(x => lstm.call(x).Item1, x => lstm.call(x).Item1, ("layer", lstm));
        using ExportedModel exported = ExportedModel.Of(model, randn(2, 7, 5), OnnxTarget.Float);

        Assert.Equal(1, ExportedModel.Count(exported.Written, "LSTM"));
    }

    [Fact]
    public void A_sequence_without_a_batch_is_refused()
    {
        LSTM lstm = LSTM(5, 4);
        TracedFunction model = new(x => lstm.call(x).Item1, x => lstm.call(x).Item1, ("layer", lstm));

        Assert.Throws<NotSupportedException>(() => ExportedModel.Of(model, randn(7, 5), OnnxTarget.Float));
    }

    private static void AssertSame(Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced, Module module)
    {
        TracedFunction model = new(eager, traced, ("layer", module));
        using ExportedModel exported = ExportedModel.Of(model, randn(2, 7, 5), OnnxTarget.Float);
        Assert.All(exported.Report.Notes, note => Assert.Fail(note));
        foreach (long batch in new long[] { 1, 2, 5 })
        {
            Tensor input = randn(batch, 7, 5);
            Assert.InRange(Comparison.RelativeDifference(Comparison.Evaluate(model, input), exported.Run(input)), 0, 1e-5f);
        }
    }

    private static Tensor Arranged(Tensor x, bool batchFirst) => batchFirst ? x : x.transpose(0, 1);

    private static TracedTensor Arranged(TracedTensor x, bool batchFirst) => batchFirst ? x : x.transpose(0, 1);
}
