using QuantGen.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Counts of absolute values in bins of equal width, over a range that grows with the data.</summary>
/// <remarks>
/// The width is a power of two, and the range grows by doubling it: two neighbouring bins become one, and no count is guessed.
/// So the histogram does not depend on the order of the data or on how it was split into batches.
/// </remarks>
public sealed class Histogram
{
    // Widths below this one cannot be inverted in float32; smaller values fall into the first bin.
    private const int SmallestExponent = -120;

    private readonly long[] _counts;
    private int _exponent = int.MinValue;

    /// <summary>An empty histogram.</summary>
    /// <param name="bins">The number of bins, even; at least half of them are in use once a value is not zero.</param>
    public Histogram(int bins = 2048)
    {
        if (bins < 2 || bins % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(bins), bins, "The number of bins must be even and positive.");
        }

        _counts = new long[bins];
    }

    /// <summary>The number of values.</summary>
    public long Total { get; private set; }

    /// <summary>The smallest value (with its sign); positive infinity where there is none.</summary>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <summary>The largest absolute value; 0 where there is none.</summary>
    public double Maximum { get; private set; }

    /// <summary>The width of a bin; 0 until a value is not zero.</summary>
    public double BinWidth => _exponent == int.MinValue ? 0 : Math.ScaleB(1, _exponent);

    /// <summary>The counts of the bins up to the one that holds <see cref="Maximum"/>; bin i starts at i times <see cref="BinWidth"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts.AsSpan(0, _exponent == int.MinValue ? 1 : (int)(Maximum / BinWidth) + 1);

    /// <summary>Adds the values of a tensor.</summary>
    /// <param name="input">A floating-point tensor on any device.</param>
    /// <exception cref="ArgumentException">The tensor holds NaN or infinity; the histogram stays as it was.</exception>
    public void Add(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        QuantArguments.CheckFloatingPoint(input, nameof(input));
        if (input.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        Tensor values = input.detach().to(ScalarType.Float32).contiguous();
        bool onHost = LibTorch.IsAvailable && values.device_type == DeviceType.CPU;
        (float minimum, float maximum, bool finite) = onHost ? RangeKernel.Run(values) : RangeOf(values);
        if (!finite)
        {
            throw new ArgumentException("The input holds NaN or infinity.", nameof(input));
        }

        Grow(Math.Max(Math.Abs(minimum), Math.Abs(maximum)));
        Minimum = Math.Min(Minimum, minimum);
        Total += values.numel();
        if (_exponent == int.MinValue)
        {
            _counts[0] += values.numel();
            return;
        }

        float inverseWidth = MathF.ScaleB(1, -_exponent);
        if (onHost)
        {
            HistogramKernel.Run(values, inverseWidth, _counts);
        }
        else
        {
            Tensor counts = values.flatten().abs().mul_(inverseWidth).to(ScalarType.Int64).bincount(null, _counts.Length).cpu();
            long[] added = counts.data<long>().ToArray();
            for (int bin = 0; bin < added.Length; bin++)
            {
                _counts[bin] += added[bin];
            }
        }
    }

    private void Grow(double maximum)
    {
        if (maximum > Maximum)
        {
            Maximum = maximum;
        }

        if (Maximum == 0)
        {
            return;
        }

        // The smallest power of two for which the largest value still falls into the last bin.
        int exponent = Math.Max(SmallestExponent, Math.ILogB(Maximum / _counts.Length));
        while (Maximum >= Math.ScaleB(_counts.Length, exponent))
        {
            exponent++;
        }

        if (_exponent == int.MinValue)
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

    private static (float Minimum, float Maximum, bool IsFinite) RangeOf(Tensor values)
    {
        (Tensor min, Tensor max) = values.aminmax();
        (float minimum, float maximum) = (min.item<float>(), max.item<float>());
        return (minimum, maximum, float.IsFinite(minimum) && float.IsFinite(maximum));
    }
}
