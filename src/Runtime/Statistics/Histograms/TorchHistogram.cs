namespace QuantGen.Statistics.Histograms;

/// <summary>The reference's histogram with <c>torch_hist=True</c>: <c>histc</c> over [0, largest], in float32 arithmetic.</summary>
/// <inheritdoc cref="ReferenceHistogram"/>
internal sealed class TorchHistogram(int bins, bool skipZeros) : ReferenceHistogram(bins, skipZeros)
{
    // Torch's AVX2 kernels compute edges eight at a time. Amax is one of these numbers, so that a last bit here is one in the result.
    private const int Lanes = 8;

    // torch.linspace counts up from the start in its first half and down from the end in its second; a fused multiplication gives the first of
    // eight, and multiples are added to it for the others.
    protected override double[] FirstEdges(float smallest, float largest)
    {
        int count = FirstBins + 1;
        double[] edges = new double[count];
        float width = largest / FirstBins;
        for (int i = 0; i < count; i++)
        {
            int first = i < count / Lanes * Lanes ? i / Lanes * Lanes : i;
            float start = first < count / 2 ? width * first : MathF.FusedMultiplyAdd(-width, count - first - 1, largest);
            edges[i] = start + (width * (i - first));
        }

        return edges;
    }

    // torch.arange; the reference takes one edge too many where the largest value is (nearly) a multiple of the width.
    protected override double[] MoreEdges(double[] edges, float largest) => Multiples((float)edges[1], (int)NeededBins(edges, largest));

    protected override double NeededBins(double[] edges, float largest) => MathF.Ceiling(largest / (float)edges[1]);

    protected override double[] WiderEdges(double[] edges) => Multiples(2 * (float)edges[1], edges.Length / 2);

    // histc, whose last bin includes its right edge. The rounded range may end just below the largest value, which belongs there too.
    protected override void Count(float[] values, double[] edges, long[] counts)
    {
        float count = counts.Length, end = (float)edges[^1];
        foreach (float value in values)
        {
            counts[Math.Min((int)(value * count / end), counts.Length - 1)]++;
        }
    }

    private static double[] Multiples(float width, int bins)
    {
        double[] edges = new double[bins + 1];
        for (int i = 0; i < edges.Length; i++)
        {
            int first = i < edges.Length / Lanes * Lanes ? i / Lanes * Lanes : i;
            edges[i] = MathF.FusedMultiplyAdd(width, i - first, (float)((double)width * first));
        }

        return edges;
    }
}
