using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

/// <summary>One value far beyond the others: a mask of -10000 in attention, a bad sample.</summary>
public sealed class OutlierTests
{
    [Theory]
    [InlineData(-1e4f)]
    [InlineData(-1e9f)]
    [InlineData(float.MinValue)]
    public void A_percentile_keeps_its_resolution_in_any_order_and_grouping(float outlier)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(7);
        Tensor first = randn(100_000), second = randn(100_000);
        second[5] = outlier;
        float right = cat([first, second]).abs().sort().Values[199_800].item<float>();
        CalibrationState together = Calibration.Collect(new TensorQuantizer(), [first, second]), reversed = Calibration.Collect(new TensorQuantizer(), [second, first]);
        CalibrationState merged = CalibrationState.Merge(
            Calibration.Collect(new TensorQuantizer(), [second]), Calibration.Collect(new TensorQuantizer(), [first]));

        foreach (CalibrationState state in (CalibrationState[])[together, reversed, merged, CalibrationState.FromBytes(together.ToBytes())])
        {
            using TensorQuantizer quantizer = new();
            state.Apply(quantizer, CalibrationMethod.Percentile(99.9));

            Assert.InRange(quantizer.Amax!.item<float>(), right * 0.99f, right);
        }

        Assert.Equal(together.ToBytes(), merged.ToBytes());
    }

    [Fact]
    public void A_range_that_only_the_outlier_is_in_is_a_warning()
    {
        using var scope = NewDisposeScope();
        Tensor scores = randn(8, 64, 64);
        scores[.., .., 60..] = -10000f;
        using TensorQuantizer largest = new(), percentile = new();

        CalibrationReport report = Calibration.Run(largest, [scores], CalibrationMethod.Max), kept = Calibration.Run(percentile, [scores], CalibrationMethod.Percentile(90));

        Assert.Equal([CalibrationWarning.LostResolution], report.Quantizers.Single().Warnings);
        Assert.Empty(kept.Quantizers.Single().Warnings);
        Assert.InRange(percentile.Amax!.item<float>(), 1.9f, 2.3f);
    }

    [Fact]
    public void A_weight_far_beyond_the_others_does_not_cost_them_their_percentile()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        using QuantLinear linear = new(64, 2);
        using (no_grad())
        {
            linear.weight.copy_(randn(2, 64));
            linear.weight[0, 0] = 1e4f;
        }

        CalibrationReport report = Calibration.CalibrateWeights(linear, CalibrationMethod.Percentile(98));

        float expected = linear.weight[0].abs().sort().Values[62].item<float>();
        Assert.InRange(linear.WeightQuantizer.Amax![0].item<float>(), expected * 0.99f, expected);
        Assert.Empty(report.Warnings);
        linear.WeightQuantizer.ResetAmax();
        Assert.Contains(("_weight_quantizer", CalibrationWarning.LostResolution), Calibration.CalibrateWeights(linear, CalibrationMethod.Max, perChannel: false).Warnings);
    }

    [Fact]
    public void Weights_of_an_LSTM_get_ranges_from_themselves_too()
    {
        using var scope = NewDisposeScope();
        using QuantLSTM lstm = new(3, 4, numLayers: 2, bidirectional: true);
        using QuantLSTMCell cell = new(3, 4);

        CalibrationReport report = Calibration.CalibrateWeights(lstm);
        Calibration.CalibrateWeights(cell, CalibrationMethod.Mse);

        Assert.Equal(["_weight_quantizers.0", "_weight_quantizers.1", "_weight_quantizers.2", "_weight_quantizers.3"], report.Quantizers.Select(row => row.Name));
        Tensor both = cat([lstm.get_parameter("weight_ih_l0")!, lstm.get_parameter("weight_hh_l0")!], 1);
        Assert.Equal(both.abs().amax([1], keepdim: true).data<float>().ToArray(), lstm.WeightQuantizers[0].Amax!.data<float>().ToArray());
        Assert.NotNull(cell.WeightQuantizer.Amax);
    }
}
