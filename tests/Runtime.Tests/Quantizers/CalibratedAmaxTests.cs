using static TorchSharp.torch;

namespace QuantGen.Tests.Quantizers;

public sealed class CalibratedAmaxTests
{
    [Fact]
    public void Loading_what_was_never_collected_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(new() { DetectUnsigned = true }) { Amax = tensor(3f) };
        float before = quantizer.call(tensor(-2f)).item<float>();

        Assert.Throws<InvalidOperationException>(() => quantizer.LoadCalibratedAmax());

        Assert.False(quantizer.Unsigned);
        Assert.Equal(before, quantizer.call(tensor(-2f)).item<float>());
    }

    [Fact]
    public void A_calibrator_that_goes_on_collecting_does_not_change_a_loaded_amax()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new() { IsCalibrating = true };
        quantizer.call(tensor([1f, -2f]));
        quantizer.LoadCalibratedAmax();

        quantizer.call(tensor([5f]));

        Assert.Equal(2f, quantizer.Amax!.item<float>());
        Assert.Equal(5f, quantizer.Calibrator.ComputeAmax(CalibrationMethod.Max)!.item<float>());
    }

    [Fact]
    public void A_descriptor_that_says_none_makes_quantizers_that_let_everything_pass()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(new() { IsNone = true });
        Tensor input = randn(100);

        Assert.False(quantizer.IsEnabled);
        Assert.Equal(input.data<float>().ToArray(), quantizer.call(input).data<float>().ToArray());
        Assert.Equal(quantizer.Descriptor, QuantDescriptor.FromYaml(quantizer.Descriptor.ToYaml()));
    }

    [Fact]
    public void A_range_of_nothing_is_a_warning()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new();

        // 0.9999 is what one writes who means 99.99.
        CalibrationReport report = Calibration.Run(quantizer, [randn(1000).relu()], CalibrationMethod.Percentile(0.9999));

        Assert.Contains(report.Warnings, entry => entry.Warning == CalibrationWarning.EmptyRange);
        Assert.Contains("EmptyRange", report.ToString());
    }

    [Theory]
    [InlineData(0x7FC00000)]
    [InlineData(0x7FFFFFFF)]
    [InlineData(unchecked((int)0xFFFFFFFF))]
    [InlineData(0x7F800001)]
    public void Every_NaN_stays_one_in_E4M3(int bits)
    {
        using var scope = NewDisposeScope();
        Tensor input = tensor(Enumerable.Repeat(BitConverter.Int32BitsToSingle(bits), 20).ToArray());

        Assert.All(Float8.ScaledE4M3(input, tensor(1f)).data<float>().ToArray(), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void A_huge_stride_ends_the_search()
    {
        Histogram histogram = new();
        using Tensor values = randn(10_000);
        histogram.Add(values);

        Assert.InRange(AmaxSearch.Mse(histogram.Counts, histogram.Edges, stride: int.MaxValue), 0, histogram.Maximum);
        Assert.InRange(AmaxSearch.Entropy(histogram.Counts, histogram.Edges, stride: int.MaxValue), 0, histogram.Maximum + 1);
        Assert.Throws<ArgumentException>(() => CalibrationMethod.Parse("entropy stride=2.7"));
        Assert.Throws<ArgumentException>(() => CalibrationMethod.Parse("entropy stride=99999999999"));
    }

    [Fact]
    public void An_affine_calibrator_is_as_before_after_a_value_beyond_float32()
    {
        using var scope = NewDisposeScope();
        AffineCalibrator calibrator = new();
        calibrator.Collect(tensor([1f]));

        Assert.ThrowsAny<ArgumentException>(() => calibrator.Collect(tensor([5.0, -1e300])));

        Assert.Equal((0f, 1f), calibrator.ComputeRange(CalibrationMethod.Max));
    }
}
