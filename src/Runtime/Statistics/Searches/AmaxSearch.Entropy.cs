using QuantGen.Statistics.Searches;
namespace QuantGen;

/// <content>Kullback-Leibler divergence.</content>
public static partial class AmaxSearch
{
    /// <summary>
    /// TensorRT's search: of the distributions cut off after bin i, the one which quantization to 2ⁿ⁻¹ (unsigned 2ⁿ) levels changes least,
    /// by Kullback-Leibler divergence (S. Migacz, "8-bit inference with TensorRT", GTC 2017). The values cut off count as the last bin's;
    /// of equal divergences the last wins.
    /// </summary>
    /// <param name="counts">The counts of the bins.</param>
    /// <param name="edges">The edges of the bins, one more.</param>
    /// <param name="numBits">The number of integer bits; 8 unless said otherwise.</param>
    /// <param name="unsigned">Whether the range is unsigned.</param>
    /// <param name="stride">The distance between candidates, in bins.</param>
    /// <param name="startBin">The smallest number of bins to keep.</param>
    /// <returns>The right edge of the last bin kept.</returns>
    /// <exception cref="ArgumentException">E4M3, which has no levels of equal distance, or a parameter that does not fit the histogram.</exception>
    public static double Entropy(
        ReadOnlySpan<long> counts, ReadOnlySpan<double> edges, NumBits? numBits = null, bool unsigned = false,
        int stride = 1, int startBin = DefaultStartBin)
    {
        Check(counts, edges, stride, startBin, counts.Length);
        NumBits bits = numBits ?? 8;
        if (bits.IsE4M3)
        {
            throw new ArgumentException("The entropy search compares integer levels, which E4M3 does not have. Use max, percentile or mse.", nameof(numBits));
        }

        EntropyTables tables = new(counts, 1L << (bits.Bits - 1 + (unsigned ? 1 : 0)));
        double best = double.PositiveInfinity;
        int bestBin = startBin;
        for (long at = startBin; at <= counts.Length; at += stride)
        {
            int kept = (int)at;
            double divergence = kept == 0 ? double.PositiveInfinity : tables.Divergence(kept);
            if (!(divergence > best))
            {
                (best, bestBin) = (double.IsNaN(divergence) ? best : divergence, kept);
            }
        }

        return edges[bestBin];
    }
}
