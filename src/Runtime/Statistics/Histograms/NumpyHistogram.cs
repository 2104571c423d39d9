namespace QuantGen.Statistics.Histograms;

/// <summary>The reference's histogram with <c>torch_hist=False</c>: <c>numpy.histogram</c>, whose first range is that of the values.</summary>
/// <inheritdoc cref="ReferenceHistogram"/>
internal sealed class NumpyHistogram(int bins, bool skipZeros) : ReferenceHistogram(bins, skipZeros)
{
    private bool _isDouble;

    protected override double[] FirstEdges(float smallest, float largest) => LinearEdges(smallest, largest, FirstBins);

    /// <summary>The edges that <c>numpy.histogram</c> takes for float32 values of a range; a range of one value is widened by a half on both sides.</summary>
    public static double[] LinearEdges(float smallest, float largest, int bins)
    {
        double first = smallest, last = largest;
        if (smallest == largest)
        {
            (first, last) = (smallest - 0.5f, largest + 0.5f);
        }

        double[] edges = new double[bins + 1];
        double step = (last - first) / bins;
        for (int i = 0; i < bins; i++)
        {
            edges[i] = (float)((i * step) + first);
        }

        edges[bins] = last;
        return edges;
    }

    // numpy.arange(last + width, largest + width, width) behind the old edges: its length in the type of the edges, float32 for the first ones,
    // its values in double. It may end with a bin behind the one that holds the largest value.
    protected override double[] MoreEdges(double[] edges, float largest)
    {
        (double start, double delta, double count) = Further(edges, largest);
        double[] more = new double[edges.Length + (int)count];
        edges.CopyTo(more, 0);
        for (int i = 0; i < (int)count; i++)
        {
            more[edges.Length + i] = start + (i * delta);
        }

        _isDouble = true;
        return more;
    }

    protected override double NeededBins(double[] edges, float largest) => edges.Length - 1 + (largest > edges[^1] ? Further(edges, largest).Count : 0);

    protected override double[] WiderEdges(double[] edges)
    {
        List<double> wider = [.. edges.Where((_, index) => index % 2 == 0)];
        if (edges.Length % 2 == 0)
        {
            wider.Add(edges[^1] + (edges[^1] - edges[^2]));
        }

        return [.. wider];
    }

    protected override void Count(float[] values, double[] edges, long[] counts)
    {
        foreach (float value in values)
        {
            int bin = BinOf(value, edges);
            if (bin >= 0)
            {
                counts[bin]++;
            }
        }
    }

    /// <summary>The bin whose left edge is the last one not above the value; the last bin includes its right edge. -1 where there is none.</summary>
    public static int BinOf(float value, ReadOnlySpan<double> edges)
    {
        int last = edges.Length - 2;
        if (value < edges[0] || value > edges[^1])
        {
            return -1;
        }

        int bin = Math.Clamp((int)((value - edges[0]) / (edges[^1] - edges[0]) * (last + 1)), 0, last);
        while (bin > 0 && value < edges[bin])
        {
            bin--;
        }

        while (bin < last && value >= edges[bin + 1])
        {
            bin++;
        }

        return bin;
    }

    private (double Start, double Delta, double Count) Further(double[] edges, float largest)
    {
        if (_isDouble)
        {
            double wide = edges[1] - edges[0], from = edges[^1] + wide;
            return (from, from + wide - from, Math.Ceiling((largest + wide - from) / wide));
        }

        float width = (float)edges[1] - (float)edges[0], start = (float)edges[^1] + width;
        float next = start + width, stop = largest + width;
        return (start, (double)next - start, MathF.Ceiling((stop - start) / width));
    }
}
