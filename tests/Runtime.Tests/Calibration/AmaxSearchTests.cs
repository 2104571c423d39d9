using CsCheck;
using QuantGen.Statistics.Searches;

namespace QuantGen.Tests.Calibrating;

public sealed class AmaxSearchTests
{
    private static readonly double[] s_edges = [.. Enumerable.Range(0, 257).Select(i => i / 256.0)];

    // Half of a bell, with a far outlier.
    private static readonly long[] s_counts = [.. Enumerable.Range(0, 256).Select(i => (long)(10_000 * Math.Exp(-i * i / 1800.0)) + (i == 255 ? 1 : 0))];

    [Fact]
    public void Sqnr_clips_an_outlier_for_few_bits_and_keeps_it_for_many()
    {
        double few = AmaxSearch.Sqnr(s_counts, s_edges, 4), many = AmaxSearch.Sqnr(s_counts, s_edges, 16);

        Assert.InRange(few, 0.25, 0.35);
        Assert.Equal(1, many);
    }

    [Fact]
    public void Noise_of_a_fine_grid_is_a_twelfth_of_its_squared_step()
    {
        QuantizationNoise noise = new([0, 100], [0, 0.5, 1]);

        double step = 1.0 / 32767;

        Assert.Equal(100 * step * step / 12, noise.Power(1, 32767), 1e-13);
        Assert.Equal(100 * ((0.75 * 0.75) + (0.25 / 12)), noise.Signal, 1e-9);
    }

    [Fact]
    public void Noise_beyond_amax_is_the_squared_distance()
    {
        QuantizationNoise noise = new([0, 0, 0, 10], [0, 1, 2, 3, 4]);

        // ∫ (x - 1)² from 3 to 4 = (27 - 8) / 3.
        Assert.Equal(10 * 19.0 / 3, noise.Power(1, 127), 1e-9);
    }

    [Fact]
    public void Noise_is_that_of_many_values_inside_the_bins() => Gen.Select(Gen.Long[0, 50].Array[8], Gen.Double[0.3, 8.5], Gen.Int[1, 20]).Sample((counts, amax, high) =>
    {
        counts[0] = 0;
        double step = amax / high, power = 0;
        const int Parts = 2000;
        for (int bin = 1; bin < counts.Length; bin++)
        {
            for (int part = 0; part < Parts; part++)
            {
                double x = bin + ((part + 0.5) / Parts);
                double error = (Math.Min(Math.Round(x / step), high) * step) - x;
                power += counts[bin] * error * error / Parts;
            }
        }

        double actual = new QuantizationNoise(counts, [.. Enumerable.Range(0, 9).Select(i => (double)i)]).Power(amax, high);

        return Math.Abs(actual - power) <= 1e-3 * Math.Max(power, 1e-3);
    });

    [Fact]
    public void Mse_is_the_best_of_all_candidates_by_brute_force() => Gen.Select(Gen.Long[0, 1000].Array[40], Gen.Int[2, 8]).Sample((counts, bits) =>
    {
        counts[39]++;
        double[] edges = [.. Enumerable.Range(0, 41).Select(i => i / 40.0)];
        float amax = (float)AmaxSearch.Mse(counts, edges, bits, startBin: 4);

        double best = Enumerable.Range(4, 36).Min(bin => Error(counts, (2 * bin + 1) / 80f, bits));

        return Error(counts, amax, bits) <= best * (1 + 1e-5);
    });

    [Fact]
    public void Values_all_in_one_place_keep_it_inside()
    {
        long[] counts = new long[256];
        counts[200] = 5;

        Assert.Equal(200.5 / 256, AmaxSearch.Mse(counts, s_edges), 1e-6);

        // Nothing is lost with any candidate beyond it, and of equal ones the last wins.
        Assert.Equal(1, AmaxSearch.Entropy(counts, s_edges));
        Assert.Equal(200 / 256.0, AmaxSearch.Percentile(counts, s_edges, 50));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(16)]
    public void Entropy_takes_any_number_of_bits(int bits) => Assert.InRange(AmaxSearch.Entropy(s_counts, s_edges, bits), 0.5, 1);

    [Fact]
    public void Parameters_that_do_not_fit_are_errors()
    {
        Assert.Contains("E4M3", Assert.Throws<ArgumentException>(() => AmaxSearch.Entropy(s_counts, s_edges, NumBits.E4M3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("stride", () => AmaxSearch.Mse(s_counts, s_edges, stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>("startBin", () => AmaxSearch.Mse(s_counts, s_edges, startBin: 256));
        Assert.Throws<ArgumentOutOfRangeException>("startBin", () => AmaxSearch.Entropy(s_counts, s_edges, startBin: 257));
        Assert.Throws<ArgumentOutOfRangeException>("percentage", () => AmaxSearch.Percentile(s_counts, s_edges, 100.5));
        Assert.Throws<ArgumentException>("edges", () => AmaxSearch.Percentile(s_counts, s_edges.AsSpan(1), 50));
    }

    private static double Error(long[] counts, float amax, int bits)
    {
        float high = (1 << (bits - 1)) - 1, scale = high / amax;
        return counts.Select((count, bin) =>
        {
            float value = (2 * bin + 1) / 80f, error = (Math.Min(MathF.Round(value * scale), high) / scale) - value;
            return count * (double)error * error;
        }).Sum();
    }
}
