using System.Numerics;

namespace QuantGen.Statistics.Histograms;

/// <summary>
/// Where the bins of a <see cref="Histogram"/> lie. From <see cref="LinearStart"/> widths on, bins are one width wide. Below, each power of two
/// has <see cref="OctaveBins"/> of its own, so that values far below the largest one keep their resolution.
/// </summary>
/// <remarks>
/// The octave right below the linear bins has bins of exactly one width, the next one of half a width, and so on: joining bins gives linear bins
/// over the whole range, and when the width doubles, pairs of linear bins become the bins of an octave. Nothing is ever split or guessed.
/// </remarks>
internal readonly record struct HistogramLayout
{
    // 256 bins an octave put a percentile within half a percent, and the counts of all octaves that activations use into a processor's cache.
    private const int MostMantissaBits = 8;

    /// <summary>The layout of a number of linear bins.</summary>
    /// <param name="bins">The number of bins from 0 to the largest value, even and at least 4.</param>
    public HistogramLayout(int bins)
    {
        Bins = bins;
        MantissaBits = Math.Min(MostMantissaBits, BitOperations.Log2((uint)bins) - 2);
    }

    /// <summary>The exponent of the smallest normal float32; what is below counts as zero.</summary>
    public const int LowestOctave = -126;

    /// <summary>The number of octaves of normal float32 numbers.</summary>
    public const int Octaves = 254;

    /// <summary>The number of linear bins that there can be, if they reached down to zero.</summary>
    public int Bins { get; }

    /// <summary>How many leading bits of a value's mantissa tell the bins of its octave apart.</summary>
    public int MantissaBits { get; }

    /// <summary>The number of bins in each octave.</summary>
    public int OctaveBins => 1 << MantissaBits;

    /// <summary>The first linear bin in use, a power of two and at most half of <see cref="Bins"/>.</summary>
    public int LinearStart => 2 << MantissaBits;

    /// <summary>The octave right below the linear bins.</summary>
    /// <param name="exponent">The width of a bin is two to this power.</param>
    public int TopOctave(int exponent) => exponent + MantissaBits;

    /// <summary>The octave and its bin that hold a linear bin of another width.</summary>
    /// <param name="bin">The bin, not 0.</param>
    /// <param name="exponent">The width of the bin is two to this power.</param>
    public (int Octave, int Bin) OctaveOf(int bin, int exponent)
    {
        int leading = BitOperations.Log2((uint)bin);
        long rest = bin - (1L << leading);
        return (exponent + leading, (int)((rest << MantissaBits) >> leading));
    }

    /// <summary>The linear bin that holds a bin of an octave at or below <see cref="TopOctave"/>.</summary>
    public int LinearOf(int octave, int bin, int exponent)
    {
        int shift = TopOctave(exponent) - octave;
        return shift >= 31 ? 0 : (OctaveBins + bin) >> shift;
    }
}
