using QuantGen.Modules;
using QuantGen.Tests.Golden;
using TorchSharp.Modules;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating.Golden;

public sealed class CalibrateWeightsGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Ranges_of_weights_equal_the_reference() => new GoldenReport("calibrate_weights", output).Run(
        golden => golden.List("runs").SelectMany(run => Compare(golden, run).Select(problem => problem is null ? null : $"{run.Json}: {problem}")));

    private static IEnumerable<string?> Compare(GoldenCase golden, GoldenCase run)
    {
        using WeightOnly module = new(golden.Tensor("weight"), golden.Text("module").Contains("Transpose", StringComparison.Ordinal) ? 1 : 0);
        TensorQuantizer quantizer = module.WeightQuantizer;
        (quantizer.NumBits, quantizer.Unsigned) = (run.NumBits(), run.Flag("unsigned"));
        bool perChannel = run.Flag("perchannel", absent: true);
        if (golden.Has("existing_amax"))
        {
            quantizer.Amax = tensor(golden.Json.GetProperty("existing_amax").GetSingle());
        }

        // The reference's one range for all always has 2,048 bins, whatever is asked for.
        int bins = perChannel ? run.Int("num_bins", 2048) : 2048;
        if (HistogramReading.Method(run) is not { } method)
        {
            yield break;
        }

        bool isZero = golden.Tensor("weight").abs().amax([.. Enumerable.Range(0, module.weight.shape.Length).Where(dim => dim != quantizer.Axis![0]).Select(dim => (long)dim)])
            .min().item<float>() == 0;
        if (run.Has("error") && !(method.Kind == CalibrationMethodKind.Max && !perChannel) && !(method.Kind == CalibrationMethodKind.Mse && isZero))
        {
            Assert.ThrowsAny<ArgumentException>(() => Calibration.CalibrateWeights(module, method, perChannel, bins));
            yield break;
        }

        // One range by max, and mse for a channel of zeros, fail in the reference for no reason. Here they are what they should be.
        Calibration.CalibrateWeights(module, method, perChannel, bins);
        if (!run.Has("error"))
        {
            yield return GoldenTensor.Difference(quantizer.Amax!, run.Tensor("amax"));
        }
        else if (method.Kind == CalibrationMethodKind.Max)
        {
            yield return GoldenTensor.Difference(quantizer.Amax!, module.weight.abs().max());
        }
        else
        {
            Tensor max = ReduceAmax.Apply(module.weight, perChannel ? quantizer.Axis!.Others(module.weight.ndim) : null);
            yield return GoldenTensor.Difference(quantizer.Amax!.eq(0), max.eq(0));
            yield return GoldenTensor.Difference(quantizer.Amax!.le(max), ones_like(max).to(ScalarType.Bool));
        }
    }

    /// <summary>A module that is nothing but a quantized weight.</summary>
    private sealed class WeightOnly(Tensor weight, int axis)
        : QuantInputWeightModule(nameof(WeightOnly), new Parameter(weight), null, null, new() { Axis = axis })
    {
        public override Tensor forward(Tensor input) => input * QuantizedWeight();
    }
}
