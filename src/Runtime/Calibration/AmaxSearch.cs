namespace QuantGen;

/// <summary>Searches for amax as pure functions of a histogram: counts of bins [i · width, (i+1) · width).</summary>
/// <remarks>
/// Candidates start at bin <c>startBin</c> (128 in the reference: a sixteenth of its 2,048 bins), or at the last bin where there are fewer.
/// </remarks>
public static class AmaxSearch
{
    /// <summary>The first candidate bin of the searches.</summary>
    public const int DefaultStartBin = 128;

    /// <summary>
    /// TensorRT's search: of the distributions cut off after bin i, the one which quantization to 2ⁿ⁻¹ (unsigned 2ⁿ) levels changes least,
    /// by Kullback-Leibler divergence (S. Migacz, "8-bit inference with TensorRT", GTC 2017). The values cut off count as the last bin's.
    /// </summary>
    /// <param name="counts">The histogram.</param>
    /// <param name="binWidth">The width of a bin.</param>
    /// <param name="numBits">The number of integer bits.</param>
    /// <param name="unsigned">Whether the range is unsigned.</param>
    /// <param name="startBin">The first candidate.</param>
    /// <returns>The right edge of the last bin kept.</returns>
    public static double Entropy(ReadOnlySpan<long> counts, double binWidth, int numBits = 8, bool unsigned = false, int startBin = DefaultStartBin)
    {
        int bins = counts.Length;
        int levels = 1 << (numBits - 1 + (unsigned ? 1 : 0));

        // The first bin holds the zeros, of which a layer after a ReLU has many; it counts like its neighbour.
        long[] density = counts.ToArray();
        if (bins > 1)
        {
            density[0] = density[1];
        }

        double[] sum = new double[bins + 1], entropy = new double[bins + 1];
        int[] filled = new int[bins + 1];
        for (int i = 0; i < bins; i++)
        {
            sum[i + 1] = sum[i] + density[i];
            entropy[i + 1] = entropy[i] + PlogP(density[i]);
            filled[i + 1] = filled[i] + (density[i] != 0 ? 1 : 0);
        }

        double best = double.PositiveInfinity;
        int bestBin = bins;
        for (int kept = Math.Min(startBin, bins); kept <= bins; kept++)
        {
            double divergence = Divergence(density, sum, entropy, filled, kept, levels);
            if (divergence <= best)
            {
                (best, bestBin) = (divergence, kept);
            }
        }

        return bestBin * binWidth;
    }

    // Σ p log(p / q) with p = density / total (the tail added to the last kept bin) and q constant over the filled bins of each level.
    private static double Divergence(long[] density, double[] sum, double[] entropy, int[] filled, int kept, int levels)
    {
        double tail = sum[^1] - sum[kept];
        double last = density[kept - 1];
        if (last == 0 && tail > 0)
        {
            return double.PositiveInfinity;
        }

        double total = sum[^1];
        double crossed = 0;
        int begin = 0;
        for (int level = 0; level < levels && begin < kept; level++)
        {
            // Bin i belongs to level floor(i · levels / kept).
            int end = (int)((((long)(level + 1) * kept) + levels - 1) / levels);
            int count = filled[end] - filled[begin];
            if (count != 0)
            {
                double inside = sum[end] - sum[begin];
                crossed += (inside + (end == kept ? tail : 0)) * Math.Log(inside / count);
            }

            begin = end;
        }

        double plogp = entropy[kept] - PlogP(last) + PlogP(last + tail);

        // p sums to total and q to the kept part: normalising both adds log(kept part / total).
        return (plogp - crossed) / total + Math.Log(sum[kept] / total);
    }

    private static double PlogP(double p) => p == 0 ? 0 : p * Math.Log(p);

    /// <summary>The bin centre that, as amax, gives the smallest mean squared error when every value lies at the centre of its bin.</summary>
    /// <param name="counts">The histogram.</param>
    /// <param name="binWidth">The width of a bin.</param>
    /// <param name="numBits">The number of integer bits.</param>
    /// <param name="unsigned">Whether the range is unsigned.</param>
    /// <param name="startBin">The first candidate.</param>
    public static double Mse(ReadOnlySpan<long> counts, double binWidth, int numBits = 8, bool unsigned = false, int startBin = DefaultStartBin)
    {
        int bins = counts.Length;
        float high = QuantRange.Of(numBits, unsigned, narrowRange: true).High;
        float[] centers = new float[bins], weights = new float[bins];
        for (int i = 0; i < bins; i++)
        {
            centers[i] = (float)((i + 0.5) * binWidth);
            weights[i] = counts[i];
        }

        double best = double.PositiveInfinity;
        float bestAmax = centers[^1];
        for (int candidate = Math.Min(startBin, bins - 1); candidate < bins; candidate++)
        {
            double error = Kernels.SquaredErrorKernel.Run(centers, weights, centers[candidate], high);
            if (error < best)
            {
                (best, bestAmax) = (error, centers[candidate]);
            }
        }

        return bestAmax;
    }

    /// <summary>The left edge of the bin in which the given percentage of values is reached.</summary>
    /// <param name="counts">The histogram.</param>
    /// <param name="binWidth">The width of a bin.</param>
    /// <param name="percentage">The percentage, above 0 and at most 100.</param>
    public static double Percentile(ReadOnlySpan<long> counts, double binWidth, double percentage)
    {
        double total = 0;
        foreach (long count in counts)
        {
            total += count;
        }

        double reached = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            reached += counts[i] / total;
            if (reached >= percentage / 100)
            {
                return i * binWidth;
            }
        }

        return (counts.Length - 1) * binWidth;
    }
}
