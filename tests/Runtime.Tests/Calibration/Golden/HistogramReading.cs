using System.Text.Json;
using QuantGen.Tests.Golden;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating.Golden;

/// <summary>What the golden files about histograms have in common.</summary>
internal static class HistogramReading
{
    public static HistogramCalibrator Calibrator(GoldenCase golden, NumBits? bits = null, bool isUnsigned = false) => new(
        bits ?? 8, golden.Int("num_bins", Histogram.DefaultBins), golden.Flag("torch_hist") ? HistogramMode.ReferenceTorch : HistogramMode.ReferenceNumpy,
        golden.Flag("skip_zeros"))
    {
        Unsigned = isUnsigned,
    };

    /// <summary>What differs from a reference's "hist" and "bin_edges": counts are exact, edges within 2 float32 ulp.</summary>
    public static string? Difference(IHistogram histogram, GoldenCase step)
    {
        long[] counts = [.. step.Tensor("hist").data<long>()];
        if (!histogram.Counts.SequenceEqual(counts))
        {
            return $"counts {Text(histogram.Counts.ToArray())} instead of {Text(counts)}";
        }

        return EdgeDifference(histogram, step);
    }

    /// <summary>
    /// What differs from a reference's "bin_edges". One edge too many for its counts, where the range grew by a multiple of the width, is left out.
    /// </summary>
    public static string? EdgeDifference(IHistogram histogram, GoldenCase step)
    {
        double[] edges = [.. step.Tensor("bin_edges").to(ScalarType.Float64).data<double>()];
        edges = edges[..Math.Min(edges.Length, (int)step.Tensor("hist").numel() + 1)];

        for (int i = 0; i < Math.Min(edges.Length, histogram.Edges.Length); i++)
        {
            if (Math.Abs(histogram.Edges[i] - edges[i]) > 2 * (MathF.BitIncrement((float)Math.Abs(edges[i])) - Math.Abs(edges[i])))
            {
                return $"edge {i} is {histogram.Edges[i]:R} instead of {edges[i]:R}";
            }
        }

        return histogram.Edges.Length == edges.Length ? null : $"{histogram.Edges.Length} edges instead of {edges.Length}";
    }

    /// <summary>Whether the reference has lost count: its range grew by a multiple of the width, and it has an edge too many for its bins.</summary>
    public static bool HasTooManyEdges(GoldenCase step) => step.Tensor("bin_edges").numel() > step.Tensor("hist").numel() + 1;

    /// <summary>The reference has no range for batches of zeros: it counts them in the middle of an empty or invented one, or fails.</summary>
    public static bool IsZero(Tensor input) => !input.count_nonzero().to(ScalarType.Bool).item<bool>();

    /// <summary>The method of a query; null for one that cannot be written down here.</summary>
    public static CalibrationMethod? Method(GoldenCase query) => query.Text("method") switch
    {
        "max" => CalibrationMethod.Max,
        "entropy" => CalibrationMethod.Entropy with { Stride = query.Int("stride", 1), StartBin = query.Int("start_bin", 128) },
        "mse" => CalibrationMethod.Mse with { Stride = query.Int("stride", 1), StartBin = query.Int("start_bin", 128) },
        "percentile" => CalibrationMethod.Percentile(query.Has("percentile") ? query.Json.GetProperty("percentile").GetDouble() : 99.99),
        _ => null,
    };

    /// <summary>An integer or [4, 3]; other formats cannot be written down here.</summary>
    public static bool CanExpressBits(GoldenCase query) => !query.Json.TryGetProperty("num_bits", out JsonElement bits)
        || bits.ValueKind != JsonValueKind.Array || (bits[0].GetInt32(), bits[1].GetInt32()) == (4, 3);

    private static string Text(long[] counts) => $"[{string.Join(", ", counts.Take(40))}]({counts.Length})";
}
