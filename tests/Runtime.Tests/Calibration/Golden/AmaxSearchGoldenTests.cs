using QuantGen.Tests.Golden;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating.Golden;

public sealed class AmaxSearchGoldenTests(ITestOutputHelper output)
{
    // Scores closer than this (relative) are told apart by the order in which float32 numbers are summed, not by the data.
    private const double SmallestMargin = 2e-6;

    // Two units in the last place, as the edges of torch's histograms compare: they come from linspace and arange, whose last bits depend on the processor.
    private const double EdgeRounding = 2.0 / (1 << 23);

    private int _compared, _inexpressible, _tied;

    [Fact]
    public void Every_search_equals_the_reference() => Run("histogram_amax");

    [Fact]
    public void Searches_with_other_parameters_and_errors_equal_the_reference() => Run("histogram_amax2");

    private void Run(string file)
    {
        new GoldenReport(file, output).Run(Compare);
        output.WriteLine($"{_compared} queries compared; {_inexpressible} skipped (methods or formats that cannot be written), {_tied} (no margin between two answers)");
    }

    private List<string?> Compare(GoldenCase golden)
    {
        List<string?> problems = [];
        Tensor[] batches = [.. golden.Json.GetProperty("batches").EnumerateArray().Select(GoldenTensor.Read)];
        HistogramCalibrator collected = Collect(golden, batches, 8, golden.Flag("unsigned"));
        bool zero = batches.Length > 0 && batches.All(HistogramReading.IsZero);
        if (golden.Has("hist") && !zero)
        {
            problems.Add(HistogramReading.Difference(collected.Histogram, golden));
        }

        bool overwritten = false;
        foreach (GoldenCase query in golden.List("queries"))
        {
            string place = query.Json.ToString();
            CalibrationMethod? method = null;
            if (query.Has("error") && Throws(() => method = HistogramReading.Method(query)))
            {
                _compared++;
                continue;
            }

            method ??= HistogramReading.Method(query);
            if (method is null || !HistogramReading.CanExpressBits(query) || (method.Kind == CalibrationMethodKind.Max && query.Has("error")))
            {
                _inexpressible++;
                continue;
            }

            HistogramCalibrator calibrator = Collect(golden, batches, query.NumBits(), query.Flag("unsigned", golden.Flag("unsigned")));
            _compared++;
            if (query.Has("error"))
            {
                problems.Add(Throws(() => calibrator.ComputeAmax(method)) ? null : $"{place} is not an error");
                continue;
            }

            Tensor? amax = calibrator.ComputeAmax(method);
            string? difference = !query.Has("amax") ? amax is null ? null : "is not null"
                : amax is null ? "is null" : GoldenTensor.Difference(amax, tensor(query.Json.GetProperty("amax").GetSingle()), golden.Flag("torch_hist") ? EdgeRounding : 0);
            if (difference is not null && IsTie(query))
            {
                (_tied, difference) = (_tied + 1, null);
            }

            // The reference's entropy search changes numpy histograms for the queries after it, and the case says so. Ours stays as it was collected.
            bool excused = overwritten && golden.Has("note") && !golden.Flag("torch_hist");
            problems.Add(difference is null || excused ? null : $"{place}: {difference}");
            overwritten |= method.Kind == CalibrationMethodKind.Entropy;
            problems.Add(calibrator.Histogram.Counts.SequenceEqual(collected.Histogram.Counts) ? null : $"{place} changes the histogram");
        }

        return problems;
    }

    private static HistogramCalibrator Collect(GoldenCase golden, Tensor[] batches, NumBits bits, bool isUnsigned)
    {
        HistogramCalibrator calibrator = HistogramReading.Calibrator(golden, bits, isUnsigned);
        Array.ForEach(batches, calibrator.Collect);
        return calibrator;
    }

    // A margin that is not recorded is none to rely on, but then the answers are equal in practice and compared all the same.
    private static bool IsTie(GoldenCase query)
        => query.Has("margin") && query.Json.GetProperty("margin") is { ValueKind: System.Text.Json.JsonValueKind.Number } margin && margin.GetDouble() < SmallestMargin;

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
