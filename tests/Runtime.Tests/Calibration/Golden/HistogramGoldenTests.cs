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
        bool lostCount = false;
        foreach (GoldenCase step in golden.List("steps"))
        {
            Tensor input = step.Tensor("input");
            if (!input.isfinite().all().item<bool>())
            {
                Assert.Throws<ArgumentException>(() => calibrator.Collect(input));
                continue;
            }

            inputs.Add(input);
            long[] before = calibrator.Histogram.Counts.ToArray();
            calibrator.Collect(input);
            IHistogram histogram = calibrator.Histogram;

            // Where the reference fails, or puts zeros into a range that they do not have, our histogram is that of all values at once.
            bool startsWithZeros = HistogramReading.IsZero(inputs[0]);
            if (startsWithZeros)
            {
                yield return AsIfAtOnce(golden, inputs, histogram);
            }
            else if (step.Has("error"))
            {
                yield return HistogramReading.IsZero(input) && histogram.Counts.SequenceEqual(before) ? null : "the reference fails for another reason than zeros";
            }
            else if (lostCount |= HistogramReading.HasTooManyEdges(step))
            {
                // Its counts from here on are of bins that its edges do not describe. Ours go on.
                yield return HistogramReading.HasTooManyEdges(step) ? HistogramReading.EdgeDifference(histogram, step) : null;
                yield return histogram.Edges.Length == histogram.Counts.Length + 1 ? null : "edges do not fit counts";
                yield return before.Zip(histogram.Counts.ToArray()).All(bin => bin.Second >= bin.First) ? null : "old counts have moved";
            }
            else
            {
                yield return HistogramReading.Difference(histogram, step);
            }

            long values = inputs.Sum(seen => golden.Flag("skip_zeros") ? seen.count_nonzero().item<long>() : seen.numel());
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
