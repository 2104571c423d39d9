using CsCheck;
using QuantGen.Numerics;
using QuantGen.Statistics.Searches;
using static TorchSharp.torch;

namespace QuantGen.Tests.Calibrating;

/// <summary>Calibration of ranges with two ends.</summary>
public sealed class AffineCalibrationTests
{
    private static QuantDescriptor Affine => new() { Affine = true };

    public static TheoryData<string> Methods => ["max", "entropy", "mse", "sqnr", "percentile 99.9", "average 0.5"];

    // As behind a SiLU: nothing below -0.2785, and a long tail above.
    private static Tensor Skewed(int count)
    {
        Tensor x = randn(count) * 2;
        return x * x.sigmoid();
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Each_method_finds_two_ends(string method)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        Tensor data = Skewed(100_000);
        using TensorQuantizer affine = new(Affine), symmetric = new();
        CalibrationReport report = Calibration.Run(affine, [data], CalibrationMethod.Parse(method));
        Calibration.Run(symmetric, [data], CalibrationMethod.Parse(method));

        Assert.InRange(affine.Amin!.item<float>(), -0.2786f, -0.1f);
        Assert.InRange(affine.Amax!.item<float>(), 2f, data.max().item<float>());
        Assert.Equal(Sqnr(data, affine.call(data)), report.Quantizers[0].Applied.Sqnr!.Value, 0.3);

        // Nearly twice as many numbers are there for the same values; entropy does not look for the least noise.
        Assert.True(method == "entropy" || Sqnr(data, affine.call(data)) > Sqnr(data, symmetric.call(data)) + 3);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Values_on_one_side_of_zero_give_a_range_that_ends_there(string method)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        Tensor data = Skewed(20_000).relu();
        using TensorQuantizer above = new(Affine), below = new(Affine), zero = new(Affine);
        Calibration.Run(above, [data], CalibrationMethod.Parse(method));
        Calibration.Run(below, [-data], CalibrationMethod.Parse(method));
        CalibrationReport ofZeros = Calibration.Run(zero, [zeros(10)], CalibrationMethod.Parse(method));

        Assert.Equal(0, above.Amin!.item<float>());
        Assert.Equal(0, below.Amax!.item<float>());
        Assert.Equal(1, above.Amax!.item<float>() / -below.Amin!.item<float>(), 0.01f);
        Assert.Equal((0f, 0f), (zero.Amin!.item<float>(), zero.Amax!.item<float>()));
        Assert.Equal([CalibrationWarning.Zero], ofZeros.Quantizers[0].Warnings);
        Assert.Equal(0, zero.call(zeros(1)).item<float>());
    }

    [Fact]
    public void A_percentile_leaves_as_many_values_beyond_one_end_as_beyond_the_other()
    {
        using var scope = NewDisposeScope();

        // -40, -39 … 59: of 100 values, 90 percent leave five beyond each end: those from -40 to -36, and from 55 to 59.
        using TensorQuantizer quantizer = new(Affine);
        CalibrationReport report = Calibration.Run(quantizer, [arange(-40, 60, dtype: ScalarType.Float32)], CalibrationMethod.Percentile(90));

        Assert.Equal((-35f, 54f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        Assert.InRange(report.Quantizers[0].Applied.Clipped, 0.09, 0.12);
    }

    [Fact]
    public void A_moving_average_follows_both_ends_of_the_batches()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine);
        Calibration.Run(quantizer, [tensor([-1f, 4f]), tensor([-2f, 2f])], CalibrationMethod.MovingAverageMax(0.25));

        Assert.Equal((-1.25f, 3.5f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
    }

    [Fact]
    public void Merged_and_loaded_statistics_give_the_ends_of_one_collection()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(6);
        Tensor[] batches = [.. Enumerable.Range(1, 4).Select(i => Skewed(3000) * i)];
        using TensorQuantizer quantizer = new(Affine), whole = new(Affine);
        CalibrationState merged = CalibrationState.FromBytes(
            CalibrationState.Merge(batches.Reverse().Select(batch => Calibration.Collect(quantizer, [batch]))).ToBytes());

        foreach (CalibrationMethod method in (CalibrationMethod[])[CalibrationMethod.Max, CalibrationMethod.Entropy, CalibrationMethod.Mse, CalibrationMethod.Percentile(99)])
        {
            Calibration.Run(whole, batches, method);
            merged.Apply(quantizer, method);

            Assert.Equal((whole.Amin!.item<float>(), whole.Amax!.item<float>()), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        }
    }

    [Fact]
    public void Statistics_serve_symmetric_and_affine_quantizers()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer symmetric = new(), affine = new(Affine);
        CalibrationState state = Calibration.Collect(symmetric, [tensor([-0.5f, 2f])]);
        state.Apply(affine, CalibrationMethod.Max);

        Assert.Equal((-0.5f, 2f), (affine.Amin!.item<float>(), affine.Amax!.item<float>()));
    }

    [Fact]
    public void A_calibrator_that_keeps_magnitudes_says_what_it_cannot_find()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine) { Calibrator = new HistogramCalibrator(8, mode: HistogramMode.ReferenceTorch) };
        CalibrationState state = Calibration.Collect(quantizer, [tensor([-0.5f, 1f, 2f])]);

        state.Apply(quantizer, CalibrationMethod.Max);
        Assert.Equal((-0.5f, 2f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        Assert.Contains("absolute values only", Assert.Throws<ArgumentException>(() => state.Apply(quantizer, CalibrationMethod.Percentile())).Message, StringComparison.Ordinal);

        using TensorQuantizer largest = new(Affine) { Calibrator = new MaxCalibrator(trackAmax: true) };
        CalibrationState ofMax = Calibration.Collect(largest, [tensor([-0.5f, 1f, 2f])]);
        Assert.Contains("an affine range has two ends", Assert.Throws<ArgumentException>(() => ofMax.Apply(largest, CalibrationMethod.MovingAverageMax())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_by_step_a_quantizer_takes_the_ends_from_its_calibrator()
    {
        using var scope = NewDisposeScope();
        using TensorQuantizer quantizer = new(Affine with { CalibrationMethod = CalibrationMethod.Percentile(100) }, quantize: false, calibrate: true);
        quantizer.call(tensor([-0.5f, 1f, 2f]));
        quantizer.LoadCalibratedAmax(CalibrationMethod.Max);

        Assert.Equal((-0.5f, 2f), (quantizer.Amin!.item<float>(), quantizer.Amax!.item<float>()));
        quantizer.Calibrator.Reset();
        quantizer.LoadCalibratedAmax(strict: false);
        Assert.True(float.IsNaN(quantizer.Amin!.item<float>()) && float.IsNaN(quantizer.Amax!.item<float>()));
    }

    [Fact]
    public void An_outlier_is_noticed_and_costs_a_search_nothing()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(8);
        Tensor data = cat([Skewed(10_000), tensor([-10000f])]);
        using TensorQuantizer quantizer = new(Affine);

        Assert.Equal([CalibrationWarning.LostResolution], Calibration.Run(quantizer, [data], CalibrationMethod.Max).Quantizers[0].Warnings);
        Assert.Empty(Calibration.Run(quantizer, [data], CalibrationMethod.Percentile(99.9)).Quantizers[0].Warnings);
        Assert.InRange(quantizer.Amin!.item<float>(), -0.2786f, -0.2f);
    }

    [Fact]
    public void The_search_finds_what_trying_all_pairs_finds()
        => Gen.Select(Gen.Long[0, 50].Array[1, 40], Gen.Long[0, 50].Array[1, 40], Gen.Int[2, 5]).Sample((below, above, bits) =>
        {
            double[] belowEdges = [.. Enumerable.Range(0, below.Length + 1).Select(i => i / 8.0)], aboveEdges = [.. Enumerable.Range(0, above.Length + 1).Select(i => i / 8.0)];
            float levels = (1 << bits) - 1;
            SignedNoise noise = new(below, belowEdges, above, aboveEdges);
            double best = double.PositiveInfinity;
            foreach (double low in belowEdges)
            {
                foreach (double high in aboveEdges)
                {
                    best = Math.Min(best, noise.Power(-low, high, levels));
                }
            }

            (double foundLow, double foundHigh) = EndSearch.LeastNoise(below, belowEdges, above, aboveEdges, levels);

            // Three decibels from the best there is, where counts are noise, steps are no longer than bins, and the error has many small hollows.
            Assert.InRange(noise.Power(-foundLow, foundHigh, levels), best, (best * 2) + 1e-9);
        }, iter: 300);

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    [InlineData(3)]
    public void In_real_values_the_search_finds_the_best_pair_to_a_hundredth(int bits)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(10);
        Histogram histogram = new(64);
        histogram.Add(Skewed(50_000));
        (long[] below, double[] belowEdges) = (histogram.Below.FineCounts, histogram.Below.FineEdges);
        (long[] above, double[] aboveEdges) = (histogram.Above.FineCounts, histogram.Above.FineEdges);
        float levels = (1 << bits) - 1;
        SignedNoise noise = new(below, belowEdges, above, aboveEdges);
        double best = belowEdges.SelectMany(_ => aboveEdges, (low, high) => noise.Power(-low, high, levels)).Min();
        (double foundLow, double foundHigh) = EndSearch.LeastNoise(below, belowEdges, above, aboveEdges, levels);

        Assert.InRange(noise.Power(-foundLow, foundHigh, levels), best, best * 1.01);
    }

    [Fact]
    public void The_noise_of_two_sides_is_that_of_real_values()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(9);
        Tensor data = Skewed(50_000);
        Histogram histogram = new();
        histogram.Add(data);
        SignedNoise noise = new(histogram.Below.FineCounts, histogram.Below.FineEdges, histogram.Above.FineCounts, histogram.Above.FineEdges);

        foreach ((float low, float high) in ((float, float)[])[(-0.2f, 3f), (-0.2785f, 8f), (0f, 1f), (-0.1f, 0f)])
        {
            double real = AffineQuant.Quantize(data, tensor(low), tensor(high), 255).sub(data).to(ScalarType.Float64).square().sum().item<double>();
            Assert.Equal(1, noise.Power(low, high, 255) / real, 0.02);
        }
    }

    private static double Sqnr(Tensor data, Tensor quantized)
        => 10 * Math.Log10(data.to(ScalarType.Float64).square().sum().item<double>() / (quantized - data).to(ScalarType.Float64).square().sum().item<double>());
}
