using QuantGen.Numerics.Formats;
using QuantGen.Statistics.Searches;
namespace QuantGen;

/// <content>Signal-to-quantization-noise ratio.</content>
public static partial class AmaxSearch
{
    /// <summary>
    /// The right edge of a bin that, as amax, gives the best ratio of signal to quantization noise when values lie evenly inside their bins.
    /// Unlike <see cref="Mse"/> it tries every bin, and counts the noise inside a bin, so that it also holds where a step is finer than a bin.
    /// </summary>
    /// <param name="counts">The counts of the bins.</param>
    /// <param name="edges">The edges of the bins, one more.</param>
    /// <param name="numBits">The number of integer bits; 8 unless said otherwise.</param>
    /// <param name="unsigned">Whether the range is unsigned.</param>
    /// <exception cref="ArgumentException">E4M3, whose steps differ, or a number of edges that does not fit.</exception>
    public static double Sqnr(ReadOnlySpan<long> counts, ReadOnlySpan<double> edges, NumBits? numBits = null, bool unsigned = false)
    {
        Check(counts, edges, stride: 1, startBin: 0, lastCandidate: 0);
        QuantizationNoise noise = new(counts, edges);
        double high = QuantRange.Of(numBits ?? 8, unsigned, narrowRange: true).High;

        // The signal is the same for all: the best ratio is the least noise.
        double best = double.PositiveInfinity, amax = edges[^1];
        foreach (double candidate in edges[1..])
        {
            double power = noise.Power(candidate, high);
            if (candidate > 0 && power < best)
            {
                (best, amax) = (power, candidate);
            }
        }

        return amax;
    }
}
