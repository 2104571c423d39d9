using QuantGen.Numerics;
using QuantGen.Numerics.Kernels;
using QuantGen.Statistics.Histograms;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>
/// Counts of absolute values in bins of equal width, over a range that grows with the data, with finer bins near zero. Negative numbers are counted apart as
/// well, for ranges that are not symmetric.
/// </summary>
/// <remarks>
/// The width is a power of two, and the range grows by doubling it: two neighbouring bins become one, and no count is guessed.
/// Below a quarter of the range each power of two has bins of its own, so that one outlier does not cost the resolution of all other values.
/// So the histogram does not depend on the order of the data or on how it was split into batches, and <see cref="Merge"/> is exact.
/// </remarks>
public sealed partial class Histogram : IHistogram
{
    /// <summary>The number of bins unless said otherwise, as in the reference.</summary>
    public const int DefaultBins = 2048;

    // Widths below this one cannot be inverted in float32.
    private const int SmallestExponent = -120;
    private const int NoExponent = int.MinValue;

    private readonly HistogramLayout _layout;
    private SignedCounts _counts;
    private HistogramView? _view, _above, _below;
    private int _exponent = NoExponent;

    /// <summary>An empty histogram.</summary>
    /// <param name="bins">The number of bins, even and at least 4; at least half of them are in use once a value is not zero.</param>
    public Histogram(int bins = DefaultBins)
    {
        if (bins < 4 || bins % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "The number of bins must be even and at least 4.");
        }

        _layout = new(bins);
        _counts = new(_layout);
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
    public int Bins => _layout.Bins;

    /// <summary>The width of a bin; 0 until a value is not zero.</summary>
    public double BinWidth => _exponent == NoExponent ? 0 : Math.ScaleB(1, _exponent);

    /// <summary>The counts of bins of one width, up to the one that holds <see cref="Largest"/>; bin i starts at i times <see cref="BinWidth"/>.</summary>
    public ReadOnlySpan<long> Counts => View.Counts;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Edges => View.Edges;

    /// <inheritdoc/>
    public ReadOnlySpan<long> FineCounts => View.FineCounts;

    /// <inheritdoc/>
    public ReadOnlySpan<double> FineEdges => View.FineEdges;

    private int LinearBinsInUse => LinearBinsOf(Largest);

    private HistogramView View => _view ??= _exponent == NoExponent
        ? HistogramView.OfZeros(Total)
        : new(_layout, _counts.All, _exponent, LinearBinsInUse);

    /// <summary>The numbers from zero on.</summary>
    internal HistogramView Above => _above ??= Side(_counts.All.Without(_counts.Negative), Maximum);

    /// <summary>The negative numbers, by their absolute values.</summary>
    internal HistogramView Below => _below ??= Side(_counts.Negative, -Minimum);

    /// <inheritdoc/>
    public double Add(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        return input.numel() == 0 ? 0 : AddRange(input).Amax;
    }

    /// <summary>Adds the values of a tensor that is not empty; returns their range.</summary>
    internal BatchRange AddRange(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor values = HistogramInput.Of(input);
        return LibTorch.IsAvailable && values.device_type == DeviceType.CPU ? AddOnHost(values) : AddOnDevice(values);
    }

    /// <inheritdoc/>
    public IHistogram Copy() => Merge(this, new(Bins));

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
            result._counts.Add(part._counts, part._exponent, result._exponent);
        }

        return result;
    }

    private BatchRange AddOnHost(Tensor values)
    {
        // One pass where the values fit into the range so far, as most batches do; otherwise the kernel says no.
        if (_exponent == NoExponent || HistogramKernel.Run(values, _layout, _exponent) is not { } added)
        {
            (float minimum, float maximum, bool finite) = RangeKernel.Run(values);
            HistogramInput.RequireFinite(finite);
            Include(minimum, maximum, values.numel());
            if (_exponent == NoExponent)
            {
                _counts.All.Tiny += values.numel();
                return new(minimum, maximum);
            }

            added = HistogramKernel.Run(values, _layout, _exponent)!;
        }
        else
        {
            Include(added.All.Minimum, added.All.Maximum, values.numel());
        }

        _counts.Add(added);
        return new(added.All.Minimum, added.All.Maximum);
    }

    /// <summary>Adds values by torch operations, which any device has.</summary>
    internal BatchRange AddOnDevice(Tensor values)
    {
        (Tensor min, Tensor max) = values.aminmax();
        (float minimum, float maximum) = (min.item<float>(), max.item<float>());
        HistogramInput.RequireFinite(float.IsFinite(minimum) && float.IsFinite(maximum));
        Include(minimum, maximum, values.numel());
        if (_exponent == NoExponent)
        {
            _counts.All.Tiny += values.numel();
            return new(minimum, maximum);
        }

        Tensor flat = values.flatten(), isNegative = flat.lt(0);
        CountOnDevice(flat.abs(), _counts.All);
        CountOnDevice(flat.masked_select(isNegative).neg_(), _counts.Negative);
        _counts.Negative.Tiny = 0;
        return new(minimum, maximum);
    }

    private void CountOnDevice(Tensor magnitudes, HistogramCounts counts)
    {
        Tensor places = magnitudes.mul(MathF.ScaleB(1, -_exponent)), isLinear = places.ge(_layout.LinearStart);
        long[] linear = [.. places.masked_select(isLinear).to(ScalarType.Int64).bincount(null, _layout.Bins).cpu().data<long>()];
        counts.AddLinear(linear);

        // frexp gives a mantissa from a half to below one: twice that is the octave's place, exact in float32.
        Tensor below = magnitudes.masked_select(isLinear.logical_not().logical_and_(magnitudes.ge(MathF.ScaleB(1, HistogramLayout.LowestOctave))));
        (Tensor mantissa, Tensor power) = below.frexp();
        Tensor bins = mantissa.mul_(2).sub_(1).mul_(_layout.OctaveBins).floor_().to(ScalarType.Int64);
        Tensor entries = power.to(ScalarType.Int64).sub_(1 + HistogramLayout.LowestOctave).mul_(_layout.OctaveBins).add_(bins);
        counts.AddOctaves([.. entries.bincount(null, HistogramLayout.Octaves * _layout.OctaveBins).cpu().data<long>()], HistogramLayout.LowestOctave);
        counts.Tiny += magnitudes.numel() - linear.Sum() - below.numel();
    }

    // Up to the bin that holds an absolute value; one where there is none.
    private int LinearBinsOf(double largest) => _exponent == NoExponent ? 1 : (int)(Math.Max(largest, 0) / BinWidth) + 1;

    private HistogramView Side(HistogramCounts counts, double largest) => _exponent == NoExponent
        ? HistogramView.OfZeros(counts.Tiny)
        : new(_layout, counts, _exponent, LinearBinsOf(largest));

    // Takes a range of further values into account, and widens the bins for it.
    private void Include(double minimum, double maximum, long count)
    {
        (Minimum, Maximum, Total, _view) = (Math.Min(Minimum, minimum), Math.Max(Maximum, maximum), Total + count, null);
        (_above, _below) = (null, null);
        if (Largest == 0)
        {
            return;
        }

        // The smallest power of two for which the largest value still falls into the last bin.
        int exponent = Math.Max(SmallestExponent, Math.ILogB(Largest / Bins));
        while (Largest >= Math.ScaleB(Bins, exponent))
        {
            exponent++;
        }

        if (_exponent != NoExponent && exponent > _exponent)
        {
            SignedCounts wider = new(_layout);
            wider.Add(_counts, _exponent, exponent);
            _counts = wider;
        }

        _exponent = Math.Max(_exponent, exponent);
    }
}
