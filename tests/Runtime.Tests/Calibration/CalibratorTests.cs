using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

public sealed class CalibratorTests
{
    [Fact]
    public void A_moving_average_follows_the_batches()
    {
        HistogramCalibrator histogram = new(8);
        using MaxCalibrator max = new(trackAmax: true);
        foreach (float largest in (float[])[4, -8, 2])
        {
            histogram.Collect(tensor([0f, largest]));
            max.Collect(tensor([0f, largest]));
        }

        // 4, then 4 + 0.5 · (8 - 4) = 6, then 6 + 0.5 · (2 - 6) = 4.
        Assert.Equal(4f, histogram.ComputeAmax(CalibrationMethod.MovingAverageMax(0.5))!.item<float>());
        Assert.Equal(4f, max.ComputeAmax(CalibrationMethod.MovingAverageMax(0.5))!.item<float>());
        Assert.Throws<ArgumentException>(() => new MaxCalibrator().ComputeAmax(CalibrationMethod.MovingAverageMax()));
    }

    [Fact]
    public void Tracked_maxima_are_each_batchs_own()
    {
        using MaxCalibrator calibrator = new(0, trackAmax: true);
        calibrator.Collect(tensor([1f, -2f, 3f, 4f], [2, 2]));
        calibrator.Collect(tensor([-5f, 0f, 0f, 1f], [2, 2]));

        Assert.Equal([2f, 4f], calibrator.BatchAmax[0].data<float>().ToArray());
        Assert.Equal([5f, 1f], calibrator.BatchAmax[1].data<float>().ToArray());
        Assert.Equal([5f, 4f], calibrator.ComputeAmax(CalibrationMethod.Max)!.data<float>().ToArray());
        calibrator.Reset();
        Assert.Empty(calibrator.BatchAmax);
    }

    [Fact]
    public void Amax_that_was_handed_out_does_not_change()
    {
        using MaxCalibrator calibrator = new();
        calibrator.Collect(tensor([1f]));
        using Tensor before = calibrator.ComputeAmax(CalibrationMethod.Max)!;
        calibrator.Collect(tensor([2f]));

        Assert.Equal(1f, before.item<float>());
    }

    [Fact]
    public void A_reference_histogram_joins_bins_instead_of_growing_without_bound()
    {
        HistogramCalibrator calibrator = new(8, mode: HistogramMode.ReferenceTorch);
        calibrator.Collect(tensor([1e-3f]));
        calibrator.Collect(tensor([10f, 5f]));

        Assert.InRange(calibrator.Histogram.Counts.Length, 32768, 65536);
        Assert.Equal(3, calibrator.Histogram.Counts.ToArray().Sum());
        Assert.Equal(1, calibrator.Histogram.Counts[^1]);
        Assert.Equal(10, calibrator.Histogram.Edges[^1], 1e-3);
    }

    [Theory]
    [InlineData(HistogramMode.ReferenceTorch)]
    [InlineData(HistogramMode.ReferenceNumpy)]
    public void Reset_starts_with_the_first_number_of_bins_again(HistogramMode mode)
    {
        HistogramCalibrator calibrator = new(8, 16, mode);
        calibrator.Collect(tensor([0f, 1f]));
        calibrator.Collect(tensor([0f, 3f]));
        Assert.Equal(48, calibrator.Histogram.Counts.Length);
        calibrator.Reset();
        calibrator.Collect(tensor([0f, 5f]));

        Assert.Equal(16, calibrator.Histogram.Counts.Length);
        Assert.Equal(5, calibrator.Histogram.Edges[^1]);
    }

    [Fact]
    public void Affine_ranges_take_each_side_by_itself_and_hold_zero()
    {
        AffineCalibrator calibrator = new();
        Assert.Null(calibrator.ComputeRange(CalibrationMethod.Max));
        calibrator.Collect(cat([arange(0, 1000, dtype: ScalarType.Float32), tensor([-100f])]));

        Assert.Equal((-100f, 999f), calibrator.ComputeRange(CalibrationMethod.Max));
        (float minimum, float maximum) = calibrator.ComputeRange(CalibrationMethod.Percentile(99))!.Value;
        Assert.Equal(0, minimum);
        Assert.InRange(maximum, 988, 991);
        Assert.Throws<ArgumentException>(() => calibrator.ComputeRange(CalibrationMethod.Entropy));

        AffineCalibrator positive = new();
        positive.Collect(tensor([2f, 3f]));
        Assert.Equal((0f, 3f), positive.ComputeRange(CalibrationMethod.Max));
        positive.Merge(calibrator);
        Assert.Equal((-100f, 999f), positive.ComputeRange(CalibrationMethod.Max));
    }

    [Theory]
    [InlineData("max")]
    [InlineData("entropy")]
    [InlineData("percentile 99.9")]
    [InlineData("sqnr")]
    [InlineData("average 0.1")]
    [InlineData("mse stride=4 start=64")]
    public void Names_of_methods_can_be_read_back(string name) => Assert.Equal(name, CalibrationMethod.Parse(name).ToString());

    [Theory]
    [InlineData("median")]
    [InlineData("percentile x")]
    [InlineData("max 3")]
    [InlineData("")]
    public void Other_names_are_errors(string name) => Assert.Throws<ArgumentException>(() => CalibrationMethod.Parse(name));
}
