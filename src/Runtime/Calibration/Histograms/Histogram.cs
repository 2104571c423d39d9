using QuantGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Counts of absolute values in bins of equal width, over a range that grows with the data.</summary>
/// <remarks>
/// The width is a power of two, and the range grows by doubling it: two neighbouring bins become one, and no count is guessed.
/// So the histogram does not depend on the order of the data or on how it was split into batches, and <see cref="Merge"/> is exact.
/// </remarks>
public sealed partial class Histogram : IHistogram
{
    /// <summary>The number of bins unless said otherwise, as in the reference.</summary>
    public const int DefaultBins = 2048;

    // Widths below this one cannot be inverted in float32; smaller values fall into the first bin.
    private const int SmallestExponent = -120;
    private const int NoExponent = int.MinValue;

    private readonly long[] _counts;
    private double[] _edges = [];
    private int _exponent = NoExponent;

    /// <summary>An empty histogram.</summary>
    /// <param name="bins">The number of bins, even; at least half of them are in use once a value is not zero.</param>
    public Histogram(int bins = DefaultBins)
    {
        if (bins < 2 || bins % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "The number of bins must be even and positive.");
        }

        _counts = new long[bins];
    }

    /// <inheritdoc/>
    public long Total { get; private set; }

    /// <inheritdoc/>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>The largest absolute value; 0 where there is none.</summary>
    public double Largest => Total == 0 ? 0 : Math.Max(Math.Abs(Minimum), Math.Abs(Maximum));

    /// <summary>The number of bins that there can be.</summary>
    public int Bins => _counts.Length;

    /// <summary>The width of a bin; 0 until a value is not zero.</summary>
    public double BinWidth => _exponent == NoExponent ? 0 : Math.ScaleB(1, _exponent);

    /// <summary>The counts of the bins up to the one that holds <see cref="Largest"/>; bin i starts at i times <see cref="BinWidth"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, _exponent == NoExponent ? 1 : (int)(Largest / BinWidth) + 1);

    /// <inheritdoc/>
    public ReadOnlySpan<double> Edges
    {
        get
        {
            double width = BinWidth;
            if (_edges.Length == 0 || _edges[1] != width)
            {
                _edges = new double[_counts.Length + 1];
                for (int i = 0; i < _edges.Length; i++)
                {
                    _edges[i] = i * width;
                }
            }

            return _edges.AsSpan(0, Counts.Length + 1);
        }
    }

    /// <inheritdoc/>
    public double Add(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        if (input.numel() == 0)
        {
            return 0;
        }

        using var scope = NewDisposeScope();
        Tensor values = HistogramInput.Of(input);
        return LibTorch.IsAvailable && values.device_type == DeviceType.CPU ? AddOnHost(values) : AddOnDevice(values);
    }

    /// <inheritdoc/>
    public IHistogram Copy()
    {
        Histogram copy = new(Bins) { Minimum = Minimum, Maximum = Maximum, Total = Total, _exponent = _exponent };
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }

    /// <summary>The histogram of all values of two: exactly the one that collecting them together gives.</summary>
    /// <param name="first">A histogram.</param>
    /// <param name="second">A histogram with the same number of bins.</param>
    /// <exception cref="ArgumentException">Another number of bins.</exception>
    public static Histogram Merge(Histogram first, Histogram second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Bins != second.Bins)
        {
            throw new ArgumentException($"A histogram of {second.Bins} bins cannot be merged with one of {first.Bins}.", nameof(second));
        }

        Histogram result = new(first.Bins);
        foreach (Histogram part in (ReadOnlySpan<Histogram>)[first, second])
        {
            result.Include(part.Minimum, part.Maximum, part.Total);
            int shift = part._exponent == NoExponent ? 0 : result._exponent - part._exponent;
            for (int bin = 0; bin < part._counts.Length; bin++)
            {
                result._counts[bin >> Math.Min(shift, 31)] += part._counts[bin];
            }
        }

        return result;
    }

    private double AddOnHost(Tensor values)
    {
        long[] added = new long[_counts.Length];

        // One pass where the values fit into the range so far, as most batches do; otherwise the kernel says no.
        if (_exponent == NoExponent || HistogramKernel.Run(values, MathF.ScaleB(1, -_exponent), added) is not { } range)
        {
            (float minimum, float maximum, bool finite) = RangeKernel.Run(values);
            HistogramInput.RequireFinite(finite);
            range = (minimum, maximum);
            Include(minimum, maximum, values.numel());
            if (_exponent == NoExponent)
            {
                _counts[0] += values.numel();
                return 0;
            }

            Array.Clear(added);
            HistogramKernel.Run(values, MathF.ScaleB(1, -_exponent), added);
        }
        else
        {
            Include(range.Minimum, range.Maximum, values.numel());
        }

        AddCounts(added);
        return Math.Max(Math.Abs(range.Minimum), Math.Abs(range.Maximum));
    }

    /// <summary>Adds values by torch operations, which any device has.</summary>
    internal double AddOnDevice(Tensor values)
    {
        (Tensor min, Tensor max) = values.aminmax();
        (float minimum, float maximum) = (min.item<float>(), max.item<float>());
        HistogramInput.RequireFinite(float.IsFinite(minimum) && float.IsFinite(maximum));
        Include(minimum, maximum, values.numel());
        if (_exponent == NoExponent)
        {
            _counts[0] += values.numel();
            return 0;
        }

        AddCounts(values.flatten().abs().mul_(MathF.ScaleB(1, -_exponent)).to(ScalarType.Int64).bincount(null, _counts.Length).cpu().data<long>().ToArray());
        return Math.Max(Math.Abs(minimum), Math.Abs(maximum));
    }

    private void AddCounts(long[] added)
    {
        for (int bin = 0; bin < added.Length; bin++)
        {
            _counts[bin] += added[bin];
        }
    }

    // Takes a range of further values into account, and widens the bins for it.
    private void Include(double minimum, double maximum, long count)
    {
        (Minimum, Maximum, Total) = (Math.Min(Minimum, minimum), Math.Max(Maximum, maximum), Total + count);
        if (Largest == 0)
        {
            return;
        }

        // The smallest power of two for which the largest value still falls into the last bin.
        int exponent = Math.Max(SmallestExponent, Math.ILogB(Largest / _counts.Length));
        while (Largest >= Math.ScaleB(_counts.Length, exponent))
        {
            exponent++;
        }

        if (_exponent == NoExponent)
        {
            _exponent = exponent;
        }

        for (; _exponent < exponent; _exponent++)
        {
            for (int bin = 0; bin < _counts.Length / 2; bin++)
            {
                _counts[bin] = _counts[2 * bin] + _counts[(2 * bin) + 1];
            }

            _counts.AsSpan(_counts.Length / 2).Clear();
        }
    }
}
