using QuantGen.Numerics.Formats;
using QuantGen.Statistics.Searches;

namespace QuantGen;

/// <content>Mean squared error.</content>
public static partial class AmaxSearch
{
    /// <summary>
    /// The bin centre that, as amax, gives the smallest mean squared error when every value lies at the centre of its bin; of equal errors the first.
    /// </summary>
    /// <param name="counts">The counts of the bins.</param>
    /// <param name="edges">The edges of the bins, one more.</param>
    /// <param name="numBits">The number of bits; 8 unless said otherwise.</param>
    /// <param name="unsigned">Whether the range is unsigned.</param>
    /// <param name="stride">The distance between candidates, in bins.</param>
    /// <param name="startBin">The first candidate bin.</param>
    /// <exception cref="ArgumentException">A parameter that does not fit the histogram.</exception>
    public static double Mse(
        ReadOnlySpan<long> counts, ReadOnlySpan<double> edges, NumBits? numBits = null, bool unsigned = false,
        int stride = 1, int startBin = DefaultStartBin)
    {
        Check(counts, edges, stride, startBin, counts.Length - 1);
        float[] centers = Centers(edges);
        SquaredErrorKernel kernel = ErrorOf(centers, counts, numBits ?? 8, unsigned);
        double best = double.PositiveInfinity;
        float amax = centers[startBin];
        for (long at = startBin; at < centers.Length; at += stride)
        {
            int candidate = (int)at;
            double error = kernel.Error(centers[candidate]);
            if (error < best)
            {
                (best, amax) = (error, centers[candidate]);
            }
        }

        return amax;
    }

    /// <summary>The centres of bins, in float32 as the reference computes them.</summary>
    internal static float[] Centers(ReadOnlySpan<double> edges)
    {
        float[] centers = new float[edges.Length - 1];
        for (int bin = 0; bin < centers.Length; bin++)
        {
            centers[bin] = ((float)edges[bin + 1] + (float)edges[bin]) / 2;
        }

        return centers;
    }

    /// <summary>The error that quantizing the centres of the bins makes; empty bins are left out.</summary>
    internal static SquaredErrorKernel ErrorOf(ReadOnlySpan<float> centers, ReadOnlySpan<long> counts, NumBits bits, bool unsigned)
    {
        List<float> values = new(centers.Length), weights = new(centers.Length);
        for (int bin = 0; bin < centers.Length; bin++)
        {
            if (counts[bin] != 0)
            {
                values.Add(centers[bin]);
                weights.Add(counts[bin]);
            }
        }

        return new([.. values], [.. weights], bits.IsE4M3 ? 448 : QuantRange.Of(bits, unsigned, narrowRange: true).High, bits.IsE4M3);
    }
}
