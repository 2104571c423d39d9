using QuantGen.Modules;
using QuantGen.Statistics;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

public sealed class CalibrateWeightsTests
{
    [Fact]
    public void Each_channel_gets_what_it_gets_alone()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(8);
        Tensor weight = randn(6, 3, 5, 5) * arange(1, 7).reshape(6, 1, 1, 1);

        Tensor together = WeightAmax.Of(weight, 0, CalibrationMethod.Mse, 4, unsigned: false, 512);
        float[] alone = [.. Enumerable.Range(0, 6).Select(channel => WeightAmax.Of(weight[channel], null, CalibrationMethod.Mse, 4, unsigned: false, 512).item<float>())];

        Assert.Equal([6, 1, 1, 1], together.shape);
        Assert.Equal(alone, together.data<float>().ToArray());
    }

    [Fact]
    public void Quantizers_of_a_whole_model_are_named_and_set()
    {
        using SmallNet net = new();

        CalibrationReport report = Calibration.CalibrateWeights(net, CalibrationMethod.Max);

        Assert.Equal(["conv._weight_quantizer", "fc._weight_quantizer"], report.Quantizers.Select(row => row.Name).Order());
        Assert.Equal([4, 1, 1, 1], net.get_buffer("conv._weight_quantizer._amax")!.shape);
        Assert.Equal([3, 1], net.get_buffer("fc._weight_quantizer._amax")!.shape);
    }

    [Fact]
    public void One_that_cannot_be_set_leaves_all_as_they_were()
    {
        using QuantConv2d conv = new(1, 2, 3);
        using QuantLinear linear = new(4, 2);
        using TorchSharp.Modules.Sequential net = nn.Sequential(("conv", conv), ("linear", linear));
        linear.WeightQuantizer.Amax = tensor(1f);

        ArgumentException error = Assert.Throws<ArgumentException>(() => Calibration.CalibrateWeights(net));

        Assert.Contains("'linear._weight_quantizer'", error.Message, StringComparison.Ordinal);
        Assert.Null(conv.WeightQuantizer.Amax);
    }

    [Fact]
    public void Transposed_convolutions_have_their_channels_second()
    {
        using QuantConvTranspose1d conv = new(3, 2, 5, weight: new());

        Calibration.CalibrateWeights(conv, CalibrationMethod.Mse);

        Assert.Equal([1, 2, 1], conv.WeightQuantizer.Amax!.shape);
    }

    [Fact]
    public void Other_methods_and_too_few_bins_are_errors()
    {
        using QuantLinear linear = new(4, 2);

        Assert.Throws<ArgumentException>(() => Calibration.CalibrateWeights(linear, CalibrationMethod.Entropy));
        Assert.Throws<ArgumentException>(() => Calibration.CalibrateWeights(linear, CalibrationMethod.Mse, numBins: 64));
        Calibration.CalibrateWeights(linear, CalibrationMethod.Percentile(50), numBins: 64);
        Assert.NotNull(linear.WeightQuantizer.Amax);
    }
}
