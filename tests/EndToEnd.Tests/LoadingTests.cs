using Digits.Models;
using static TorchSharp.torch;

namespace QuantGen.Tests;

/// <summary>A calibrated model comes back by TorchSharp's own <c>load</c>, which knows nothing of ranges.</summary>
public sealed class LoadingTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"quantgen-{Guid.NewGuid():N}.dat");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TorchSharps_load_of_a_generated_model_brings_its_ranges(bool strict)
    {
        using var scope = NewDisposeScope();
        using QuantDigitsNet calibrated = new(), loaded = new(), copied = new();
        Calibration.Run(calibrated, [rand(8, 1, 8, 8)], CalibrationMethod.Max);
        calibrated.save(_path);

        loaded.load(_path, strict);
        copied.load_state_dict(calibrated.state_dict(), strict);

        Tensor input = rand(4, 1, 8, 8);
        foreach (nn.Module<Tensor, Tensor> model in (nn.Module<Tensor, Tensor>[])[calibrated, loaded, copied])
        {
            model.eval();
        }

        float[] expected = [.. calibrated.call(input).data<float>()];
        Assert.Equal(expected, loaded.call(input).data<float>().ToArray());
        Assert.Equal(expected, copied.call(input).data<float>().ToArray());
    }
}
