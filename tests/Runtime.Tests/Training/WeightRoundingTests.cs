using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Training;

public sealed class WeightRoundingTests
{
    [Fact]
    public void An_LSTM_gives_the_same_output_from_rounded_weights()
    {
        using var scope = NewDisposeScope();
        using QuantLSTM lstm = new(3, 4, numLayers: 2, bidirectional: true);
        Tensor input = randn(5, 2, 3);
        float[] before = lstm.get_parameter("weight_ih_l0")!.data<float>().ToArray();
        (Tensor expected, _, _) = lstm.call(input);

        lstm.QuantizeWeightsInPlace();
        foreach (TensorQuantizer quantizer in lstm.WeightQuantizers)
        {
            quantizer.IsEnabled = false;
        }

        (Tensor actual, _, _) = lstm.call(input);
        Assert.NotEqual(before, lstm.get_parameter("weight_ih_l0")!.data<float>().ToArray());
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }

    [Fact]
    public void An_LSTM_cell_is_rounded_and_a_disabled_quantizer_leaves_its_weight()
    {
        using var scope = NewDisposeScope();
        using QuantLSTMCell rounded = new(3, 4, weight: new() { NumBits = 2, Axis = 0 });
        using QuantLinear left = new(3, 4);
        float[] before = left.weight.data<float>().ToArray();
        left.WeightQuantizer.IsEnabled = false;

        rounded.QuantizeWeightsInPlace();
        left.QuantizeWeightsInPlace();

        // Two bits of a row: -2, -1, 0 and 1 steps.
        Assert.InRange(rounded.weight_hh[0].data<float>().ToArray().Distinct().Count(), 1, 4);
        Assert.Equal(before, left.weight.data<float>().ToArray());
    }
}
