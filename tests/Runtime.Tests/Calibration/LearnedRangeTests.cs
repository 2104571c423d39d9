using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

public sealed class LearnedRangeTests
{
    [Fact]
    public void A_learned_range_starts_where_calibration_ends()
    {
        using QuantLinear linear = new(4, 2, input: new() { LearnAmax = true });
        using Tensor input = tensor([0.5f, -3f, 1f, 2f]).reshape(1, 4);

        Calibration.Run(linear, [input], CalibrationMethod.Max);

        Assert.Equal(3f, linear.InputQuantizer.Clip!.clip_value_max.item<float>());
        Assert.Equal(-3f, linear.InputQuantizer.Clip!.clip_value_min.item<float>());
    }
}
