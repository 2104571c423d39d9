using QuantGen.Tests.Golden;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating.Golden;

public sealed class HistogramGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Counts_and_edges_equal_the_reference() => new GoldenReport("histogram_collect", output).Run(Compare);

    private static IEnumerable<string?> Compare(GoldenCase golden)
    {
        HistogramCalibrator calibrator = HistogramReading.Calibrator(golden);
        List<Tensor> inputs = [];
        foreach (GoldenCase step in golden.List("steps"))
        {
            inputs.Add(step.Tensor("input"));
            calibrator.Collect(inputs[^1]);
            IHistogram histogram = calibrator.Histogram;

            // Where the reference fails, or puts zeros into a range that they do not have, our histogram is that of all values at once.
            bool startsWithZeros = HistogramReading.IsZero(inputs[0]);
            if (step.Has("error") || startsWithZeros)
            {
                yield return startsWithZeros ? null : "the reference fails for another reason than zeros";
                yield return AsIfAtOnce(golden, inputs, histogram);
            }
            else
            {
                yield return HistogramReading.Difference(histogram, step);
            }

            long values = inputs.Sum(input => golden.Flag("skip_zeros") ? input.count_nonzero().item<long>() : input.numel());
            yield return histogram.Total == values ? null : $"{histogram.Total} values instead of {values}";
        }
    }

    private static string? AsIfAtOnce(GoldenCase golden, List<Tensor> inputs, IHistogram histogram)
    {
        HistogramCalibrator once = HistogramReading.Calibrator(golden);
        once.Collect(cat([.. inputs.Select(input => input.flatten().to(ScalarType.Float32))]));
        return histogram.Counts.SequenceEqual(once.Histogram.Counts) && histogram.Edges.SequenceEqual(once.Histogram.Edges)
            ? null
            : "not as if collected at once";
    }
}
