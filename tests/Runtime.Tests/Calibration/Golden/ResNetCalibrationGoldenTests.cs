using System.Text.Json;
using QuantGen.Tests.Golden;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating.Golden;

public sealed class ResNetCalibrationGoldenTests(ITestOutputHelper output)
{
    // Activations differ in their last bits with the order in which convolutions sum.
    private const double Rounding = 1e-5;

    [Fact]
    public void A_residual_network_gets_the_references_ranges() => new GoldenReport("e2e_resnet", output).Run(Compare);

    // State by state, as the reference does it: collect without quantizing, load, quantize.
    private static List<string?> Compare(GoldenCase golden)
    {
        GoldenCase dims = golden.Object("dims");
        using GoldenResNet net = new(dims.Int("c0", 0), dims.Int("c1", 0), dims.Int("classes", 0));
        net.LoadState(golden.Json.GetProperty("state_dict").EnumerateObject().ToDictionary(entry => entry.Name, entry => GoldenTensor.Read(entry.Value)));
        Dictionary<string, TensorQuantizer> quantizers = net.named_modules().Where(entry => entry.module is TensorQuantizer)
            .ToDictionary(entry => entry.name, entry => (TensorQuantizer)entry.module);
        foreach (TensorQuantizer quantizer in quantizers.Values)
        {
            (quantizer.IsQuantizing, quantizer.IsCalibrating) = (false, true);
            if (quantizer.Axis is null)
            {
                quantizer.Calibrator = new HistogramCalibrator(quantizer.NumBits, mode: HistogramMode.ReferenceTorch);
            }
        }

        using var noGrad = no_grad();
        foreach (JsonElement batch in golden.Json.GetProperty("calibration_batches").EnumerateArray())
        {
            net.call(GoldenTensor.Read(batch));
        }

        List<string?> problems = [];
        GoldenCase calibration = golden.Object("calibration");
        foreach (JsonProperty entry in calibration.Json.EnumerateObject())
        {
            problems.AddRange(Histogram(((HistogramCalibrator)quantizers[entry.Name].Calibrator).Histogram, new(entry.Value))
                .Select(problem => problem is null ? null : $"{entry.Name}: {problem}"));
        }

        foreach (GoldenCase method in golden.List("methods"))
        {
            problems.AddRange(Ranges(quantizers, method, calibration).Select(problem => problem is null ? null : $"{method.Text("name")}: {problem}"));
        }

        return problems;
    }

    private static IEnumerable<string?> Histogram(IHistogram histogram, GoldenCase expected)
    {
        double width = expected.Json.GetProperty("bin_width").GetDouble(), max = expected.Json.GetProperty("max").GetDouble();
        yield return histogram.Counts.Length == expected.Int("hist_bins", 0) ? null : $"{histogram.Counts.Length} bins";
        yield return histogram.Total == expected.Int("hist_total", 0) ? null : $"{histogram.Total} values";
        yield return Math.Abs(histogram.Edges[1] - width) <= Rounding * width ? null : $"width {histogram.Edges[1]:R} instead of {width:R}";
        yield return Math.Abs(histogram.Largest - max) <= Rounding * max ? null : $"largest {histogram.Largest:R} instead of {max:R}";
    }

    private static IEnumerable<string?> Ranges(Dictionary<string, TensorQuantizer> quantizers, GoldenCase method, GoldenCase calibration)
    {
        GoldenCase arguments = method.Object("args");
        CalibrationMethod how = arguments.Has("method") ? HistogramReading.Method(arguments)! : CalibrationMethod.Max;
        foreach (JsonProperty entry in method.Json.GetProperty("amax").EnumerateObject())
        {
            TensorQuantizer quantizer = quantizers[entry.Name];
            quantizer.LoadCalibratedAmax(quantizer.Calibrator is MaxCalibrator ? CalibrationMethod.Max : how);

            // A value on the edge of a bin may fall into the next one: a search may then end one bin further.
            double bin = calibration.Has(entry.Name) && how != CalibrationMethod.Max
                ? calibration.Object(entry.Name).Json.GetProperty("bin_width").GetDouble() * (how.Stride + Rounding) : 0;
            string? difference = GoldenTensor.Difference(quantizer.Amax!, GoldenTensor.Read(entry.Value), Rounding, bin);
            yield return difference is null ? null : $"{entry.Name}: {difference}";
        }
    }
}
