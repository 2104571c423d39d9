using QuantGen.Tests.Golden;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating.Golden;

public sealed class MaxCalibratorGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Maxima_over_batches_equal_the_reference() => new GoldenReport("max_calibrator", output).Run(Compare);

    private static List<string?> Compare(GoldenCase golden)
    {
        QuantAxes? axis = golden.Axes("axis");
        using MaxCalibrator calibrator = new(axis, golden.Flag("track_amax"));
        List<string?> problems = [golden.Has("str") && golden.Text("str") != calibrator.ToString() ? $"'{calibrator}'" : null];
        foreach (GoldenCase step in golden.List("steps"))
        {
            if (step.Flag("reset"))
            {
                calibrator.Reset();
            }
            else if (step.Has("error") || !step.Tensor("input").isfinite().all().item<bool>())
            {
                Assert.ThrowsAny<ArgumentException>(() => calibrator.Collect(step.Tensor("input")));
                continue;
            }
            else
            {
                calibrator.Collect(step.Tensor("input"));
            }

            Tensor? amax = calibrator.ComputeAmax(CalibrationMethod.Max);
            problems.Add(step.Has("amax") ? Difference(amax!, step.Tensor("amax"), step.Tensor("input"), axis) : amax is null ? null : "amax is not null");
        }

        if (golden.Has("per_batch_amax"))
        {
            Tensor[] expected = [.. golden.Json.GetProperty("per_batch_amax").EnumerateArray().Select(GoldenTensor.Read)];
            problems.Add(calibrator.BatchAmax.Count == expected.Length ? null : $"{calibrator.BatchAmax.Count} batches");
            problems.AddRange(calibrator.BatchAmax.Zip(expected, (mine, wanted) => GoldenTensor.Difference(mine.flatten(), wanted.flatten())));
        }

        return problems;
    }

    // Values are the reference's. A single channel is a scalar there; here it keeps the shape that several have.
    private static string? Difference(Tensor amax, Tensor expected, Tensor input, QuantAxes? axis)
    {
        long[] shape = input.shape;
        foreach (int other in axis?.Others(input.ndim) ?? [])
        {
            shape[other] = 1;
        }

        return amax.shape.SequenceEqual(axis is null ? [] : shape)
            ? GoldenTensor.Difference(amax.flatten(), expected.flatten())
            : $"shape [{string.Join(", ", amax.shape)}]";
    }
}
