using QuantGen.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.utils.rnn;

namespace QuantGen.Tests.Modules;

/// <summary>Runs alone: the masks of a dropout come from the random numbers of the whole process.</summary>
public sealed class LstmTests
{
    [Theory]
    [InlineData(1, false, true)]
    [InlineData(2, false, false)]
    [InlineData(3, true, true)]
    public void Without_its_quantizers_an_LSTM_computes_what_TorchSharps_does(int layers, bool bidirectional, bool bias)
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.LSTM theirs = nn.LSTM(3, 4, layers, bias, batchFirst: true, bidirectional: bidirectional, dtype: float64);
        using QuantLSTM ours = new(3, 4, layers, bias, batchFirst: true, bidirectional: bidirectional, dtype: float64);
        ours.LoadWeights(theirs);
        ModuleZoo.SetQuantizers(ours, quantizer => quantizer.IsEnabled = false);
        Tensor input = randn([2, 5, 3], dtype: float64), h0 = randn([layers * (bidirectional ? 2 : 1), 2, 4], dtype: float64), c0 = randn_like(h0);
        var (expected, expectedH, expectedC) = theirs.call(input, (h0, c0));
        var (output, h, c) = ours.call(input, (h0, c0));
        (expected.sin().sum() + expectedH.sum() + expectedC.cos().sum()).backward();
        (output.sin().sum() + h.sum() + c.cos().sum()).backward();

        AssertClose(expected, output);
        AssertClose(expectedH, h);
        AssertClose(expectedC, c);
        Assert.All(theirs.named_parameters(), entry => AssertClose(entry.parameter.grad!, ours.get_parameter(entry.name)!.grad!));
    }

    [Fact]
    public void Without_its_quantizers_a_cell_computes_what_TorchSharps_does()
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.LSTMCell theirs = nn.LSTMCell(3, 4, dtype: float64);
        using QuantLSTMCell ours = new(3, 4, dtype: float64);
        ours.LoadWeights(theirs);
        ModuleZoo.SetQuantizers(ours, quantizer => quantizer.IsEnabled = false);
        Tensor input = randn([2, 3], dtype: float64), zero = zeros([2, 4], dtype: float64);
        var (expectedH, expectedC) = theirs.call(input, (zero, zero));
        var (h, c) = ours.call(input);
        AssertClose(expectedH, h);
        AssertClose(expectedC, c);
    }

    [Theory]
    [InlineData(1, false, true, false)]
    [InlineData(2, true, false, true)]
    [InlineData(3, true, true, true)]
    public void Without_its_quantizers_an_LSTM_is_TorchSharps_bit_for_bit_with_its_gradients(int layers, bool bidirectional, bool bias, bool batchFirst)
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.LSTM theirs = nn.LSTM(5, 7, layers, bias, batchFirst, dropout: layers > 1 ? 0.25 : 0, bidirectional: bidirectional);
        using QuantLSTM ours = new(5, 7, layers, bias, batchFirst, dropout: layers > 1 ? 0.25 : 0, bidirectional: bidirectional);
        ours.LoadWeights(theirs);
        ModuleZoo.SetQuantizers(ours, quantizer => quantizer.IsEnabled = false);
        Tensor input = randn(6, 6, 5);

        (Tensor[] expected, Tensor[] actual) = (Run(value => theirs.call(value)), Run(value => ours.call(value)));

        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.Equals(pair.Second)));
        Assert.All(theirs.named_parameters(), entry => Assert.True(entry.parameter.grad!.Equals(ours.get_parameter(entry.name)!.grad!), entry.name));

        Tensor[] Run(Func<Tensor, (Tensor, Tensor, Tensor)> call)
        {
            // For the dropout.
            random.manual_seed(3);
            var (output, h, c) = call(input);
            (output.sin().sum() + h.sum() + c.cos().sum()).backward();
            return [output, h, c];
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_type_than_that_of_the_weights_is_an_error_that_names_both(bool isEnabled)
    {
        using var scope = NewDisposeScope();
        using QuantLSTM lstm = new(3, 4);
        ModuleZoo.SetQuantizers(lstm, quantizer => quantizer.IsEnabled = isEnabled);

        ArgumentException input = Assert.Throws<ArgumentException>(() => lstm.call(randn([5, 2, 3], dtype: float64)));
        ArgumentException state = Assert.Throws<ArgumentException>(() => lstm.call(randn(5, 2, 3), (zeros([1, 2, 4], dtype: float64), zeros(1, 2, 4))));

        Assert.StartsWith("input is Float64 on cpu, but the weights are Float32 on cpu.", input.Message, StringComparison.Ordinal);
        Assert.StartsWith("h0 is Float64", state.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_its_quantizers_packed_sequences_give_what_TorchSharp_gives_bit_for_bit(bool sorted)
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.LSTM theirs = nn.LSTM(5, 7, 2, bidirectional: true);
        using QuantLSTM ours = new(5, 7, 2, bidirectional: true);
        ours.LoadWeights(theirs);
        ModuleZoo.SetQuantizers(ours, quantizer => quantizer.IsEnabled = false);
        int[] lengths = sorted ? [4, 3, 1] : [1, 4, 3];
        Tensor[] sequences = [.. lengths.Select(length => randn(length, 5))];
        Tensor h0 = randn(4, 3, 7), c0 = randn(4, 3, 7);

        var (expected, expectedH, expectedC) = theirs.call(pack_sequence(sequences, enforce_sorted: sorted), (h0, c0));
        var (actual, h, c) = ours.call(pack_sequence(sequences, enforce_sorted: sorted), (h0, c0));

        Assert.True(expected.data.Equals(actual.data));
        Assert.True(expectedH.Equals(h));
        Assert.True(expectedC.Equals(c));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_its_quantizers_a_cell_is_TorchSharps_bit_for_bit_with_its_gradients(bool bias)
    {
        using var scope = NewDisposeScope();
        using TorchSharp.Modules.LSTMCell theirs = nn.LSTMCell(5, 7, bias);
        using QuantLSTMCell ours = new(5, 7, bias);
        ours.LoadWeights(theirs);
        ModuleZoo.SetQuantizers(ours, quantizer => quantizer.IsEnabled = false);
        Tensor input = randn(6, 5);
        (Tensor, Tensor)? expected = (randn(6, 7), randn(6, 7));
        (Tensor, Tensor)? actual = expected;
        for (int step = 0; step < 4; step++)
        {
            (expected, actual) = (theirs.call(input, expected), ours.call(input, actual));
        }

        (expected!.Value.Item1.sin().sum() + expected.Value.Item2.sum()).backward();
        (actual!.Value.Item1.sin().sum() + actual.Value.Item2.sum()).backward();

        Assert.True(expected.Value.Item1.Equals(actual.Value.Item1));
        Assert.True(expected.Value.Item2.Equals(actual.Value.Item2));
        Assert.All(theirs.named_parameters(), entry => Assert.True(entry.parameter.grad!.Equals(ours.get_parameter(entry.name)!.grad!), entry.name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Sequences_packed_in_any_order_give_what_each_gives_alone(bool sorted)
    {
        using var scope = NewDisposeScope();
        QuantDescriptor fixedRange = new() { NumBits = 6, Amax = 2f };
        using QuantLSTM lstm = new(3, 4, numLayers: 2, bidirectional: true, input: fixedRange);
        int[] lengths = sorted ? [4, 3, 1] : [1, 4, 3];
        Tensor[] sequences = [.. lengths.Select(length => randn(length, 3))];
        Tensor h0 = randn(4, 3, 4), c0 = randn(4, 3, 4);

        Dictionary<string, Tensor> together = [];
        var (packed, h, c) = lstm.call(pack_sequence(sequences, enforce_sorted: sorted), (h0, c0));
        (Tensor output, Tensor outputLengths) = pad_packed_sequence(packed);

        Assert.Equal(lengths.Select(length => (long)length), outputLengths.data<long>());
        (output.square().sum() + h.sum() + c.sum()).backward();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in lstm.named_parameters())
        {
            together[name] = parameter.grad!.clone();
            parameter.grad!.zero_();
        }

        for (int i = 0; i < lengths.Length; i++)
        {
            var (alone, aloneH, aloneC) = lstm.call(sequences[i].unsqueeze(1), (h0.narrow(1, i, 1), c0.narrow(1, i, 1)));
            AssertClose(alone.squeeze(1), output.narrow(0, 0, lengths[i]).select(1, i), 1e-6);
            AssertClose(aloneH, h.narrow(1, i, 1), 1e-6);
            AssertClose(aloneC, c.narrow(1, i, 1), 1e-6);
            (alone.square().sum() + aloneH.sum() + aloneC.sum()).backward();
        }

        Assert.All(together, entry => AssertClose(lstm.get_parameter(entry.Key)!.grad!, entry.Value, 1e-4));
    }

    [Fact]
    public void Weights_are_quantized_once_a_pass_and_inputs_at_each_step()
    {
        using var scope = NewDisposeScope();
        using QuantLSTM lstm = new(2, 3, bidirectional: true);
        List<string> calls = [];
        foreach ((string name, nn.Module module) in lstm.named_modules())
        {
            (module as TensorQuantizer)?.register_forward_hook((_, _, output) =>
            {
                calls.Add(name);
                return output;
            });
        }

        lstm.call(ones(7, 1, 2));
        Assert.Equal(1, calls.Count(name => name == "_weight_quantizers.0"));
        Assert.Equal(1, calls.Count(name => name == "_weight_quantizers.1"));
        Assert.Equal(7, calls.Count(name => name == "_input_quantizers.0"));
        Assert.Equal(7, calls.Count(name => name == "_input_quantizers.1"));
    }

    [Fact]
    public void Dropout_is_between_layers_and_while_training_only()
    {
        using var scope = NewDisposeScope();
        using QuantLSTM lstm = new(2, 3, numLayers: 2, dropout: 1), single = new(2, 3, dropout: 1);
        Tensor input = randn(4, 2, 2), other = randn(4, 2, 2);

        // With everything dropped, the second layer no longer sees the input; a single layer drops nothing.
        Assert.True(lstm.call(input).Item1.Equals(lstm.call(other).Item1));
        Assert.False(single.call(input).Item1.Equals(single.call(other).Item1));
        lstm.eval();
        Assert.False(lstm.call(input).Item1.Equals(lstm.call(other).Item1));
    }

    [Fact]
    public void Tensors_that_do_not_fit_are_errors_that_say_what_would()
    {
        using var scope = NewDisposeScope();
        using QuantLSTM lstm = new(2, 3, bidirectional: true);
        ArgumentException error = Assert.Throws<ArgumentException>(() => lstm.call(ones(4, 1, 2), (ones(1, 1, 3), ones(2, 1, 3))));
        Assert.StartsWith("h0 has shape [1, 1, 3], but must have shape [2, 1, 3].", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => lstm.call(ones(4, 2)));
        Assert.StartsWith("input has shape [4, 2], but must have shape [*, *, 2].", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantLSTM(2, 3, dropout: 1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantLSTM(2, 3, numLayers: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new QuantLSTMCell(2, 0));
        Assert.Throws<ArgumentException>(() => new QuantLSTM(2, 3, weight: new() { FakeQuant = false }));
    }

    private static void AssertClose(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.True(expected.allclose(actual, rtol: tolerance, atol: tolerance), "values differ");
    }
}
