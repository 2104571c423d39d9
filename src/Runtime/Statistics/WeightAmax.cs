using QuantGen.Statistics.Histograms;
using static TorchSharp.torch;

namespace QuantGen.Statistics;

/// <summary>amax of a weight, from histograms of its channels as the reference takes them, all channels at once.</summary>
internal static class WeightAmax
{
    /// <summary>amax in a shape that broadcasts to the weight's: a scalar, or one value for each index of an axis.</summary>
    /// <exception cref="ArgumentException">A method other than max, mse and percentile, several axes, or NaN or infinity in the weight.</exception>
    public static Tensor Of(Tensor weight, QuantAxes? axis, CalibrationMethod method, NumBits bits, bool unsigned, int numBins)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentOutOfRangeException.ThrowIfLessThan(numBins, 1);
        if (method.Kind == CalibrationMethodKind.Max)
        {
            return ReduceAmax.Apply(weight, axis?.Others(weight.ndim));
        }

        if (method.Kind is not (CalibrationMethodKind.Mse or CalibrationMethodKind.Percentile))
        {
            throw new ArgumentException($"Weights are calibrated with max, mse or a percentile, not with '{method}'.", nameof(method));
        }

        using var scope = NewDisposeScope();
        Tensor rows = Rows(weight, axis, out long[] shape);
        float[] values = [.. rows.data<float>()];
        if (!Array.TrueForAll(values, float.IsFinite))
        {
            throw new ArgumentException("A weight holds NaN or infinity.", nameof(weight));
        }

        int channels = (int)rows.shape[0], length = values.Length / channels;
        float[] amax = new float[channels];
        try
        {
            Parallel.For(0, channels, channel =>
                amax[channel] = (float)Search(values.AsSpan(channel * length, length), method, bits, unsigned, numBins));
        }
        catch (AggregateException e) when (e.InnerException is ArgumentException cause)
        {
            throw new ArgumentException(cause.Message, e);
        }

        return tensor(amax, shape).to(weight.dtype, weight.device).MoveToOuterDisposeScope();
    }

    // Absolute values with a channel in each row, and the shape of an amax for it.
    private static Tensor Rows(Tensor weight, QuantAxes? axis, out long[] shape)
    {
        Tensor values = weight.detach().to(ScalarType.Float32).abs().cpu();
        if (axis is null)
        {
            shape = [];
            return values.reshape(1, -1).contiguous();
        }

        if (axis.Count != 1)
        {
            throw new ArgumentException($"Histograms of weights are taken along one axis, but the quantizer has {axis}. Use the method max.", nameof(axis));
        }

        IReadOnlyList<int> others = axis.Others(weight.ndim);
        shape = weight.shape;
        foreach (int other in others)
        {
            shape[other] = 1;
        }

        int channel = (int)((axis[0] + weight.ndim) % weight.ndim);
        return values.movedim([channel], [0]).reshape(weight.shape[channel], -1).contiguous();
    }

    private static double Search(ReadOnlySpan<float> values, CalibrationMethod method, NumBits bits, bool unsigned, int numBins)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = MathF.Max(largest, value);
        }

        if (largest == 0)
        {
            return 0;
        }

        double[] edges = NumpyHistogram.LinearEdges(0, largest, numBins);
        long[] counts = new long[numBins];
        foreach (float value in values)
        {
            counts[NumpyHistogram.BinOf(value, edges)]++;
        }

        if (method.Kind == CalibrationMethodKind.Mse)
        {
            return AmaxSearch.Mse(counts, edges, bits, unsigned, method.Stride, method.StartBin);
        }

        double amax = AmaxSearch.Percentile(counts, edges, method.Percentage);

        // One weight far beyond the others puts them all into the first bin, whose left edge is no answer: there, the bin by itself is looked at.
        return amax > 0 || counts[0] == values.Length || counts[0] == 0
            ? amax
            : Search(Below((float)edges[1], values), PercentileOfPart(method, counts[0], values.Length), bits, unsigned, numBins);
    }

    private static float[] Below(float end, ReadOnlySpan<float> values)
    {
        List<float> below = [];
        foreach (float value in values)
        {
            if (value < end)
            {
                below.Add(value);
            }
        }

        return [.. below];
    }

    // The same value as a percentile of the smallest values alone.
    private static CalibrationMethod PercentileOfPart(CalibrationMethod method, long part, long whole)
        => CalibrationMethod.Percentile(Math.Min(100, method.Percentage * whole / part));
}
