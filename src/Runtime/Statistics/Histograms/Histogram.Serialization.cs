using QuantGen.Statistics.Histograms;

namespace QuantGen;

/// <content>The part of a calibration state's file that holds a histogram.</content>
public sealed partial class Histogram
{
    /// <summary>
    /// Writes bins, exponent, range and counts, of all numbers and of the negative ones; octaves without values and empty bins at the end are left out.
    /// </summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Bins);
        writer.Write(_exponent);
        writer.Write(Minimum);
        writer.Write(Maximum);
        writer.Write7BitEncodedInt64(_counts.All.Tiny);
        Write(writer, _counts.All, LinearBinsInUse);
        Write(writer, _counts.Negative, LinearBinsOf(-Minimum));
    }

    private void Write(BinaryWriter writer, HistogramCounts written, int used)
    {
        (int Octave, long[] Counts)[] octaves = [.. written.Octaves];
        writer.Write7BitEncodedInt(octaves.Length);
        foreach ((int octave, long[] counts) in octaves)
        {
            writer.Write7BitEncodedInt(octave - HistogramLayout.LowestOctave);
            Write(writer, counts);
        }

        ReadOnlySpan<long> linear = written.Linear.AsSpan(0, used);
        linear = linear.Length > _layout.LinearStart ? linear[_layout.LinearStart..] : [];
        writer.Write7BitEncodedInt(linear.Length);
        Write(writer, linear);
    }

    /// <summary>Reads what <see cref="Write(BinaryWriter)"/> wrote.</summary>
    /// <exception cref="FormatException">The numbers contradict each other.</exception>
    internal static Histogram Read(BinaryReader reader, int mostBins)
    {
        int bins = reader.Read7BitEncodedInt();
        if (bins > mostBins)
        {
            throw new FormatException($"A histogram of {bins} bins.");
        }

        Histogram histogram = new(bins);
        int exponent = reader.ReadInt32();
        (double minimum, double maximum) = (reader.ReadDouble(), reader.ReadDouble());
        long total = histogram._counts.All.Tiny = ReadCount(reader);
        (long all, int linearOfAll, int highest) = histogram.Read(reader, histogram._counts.All);
        (_, int linearOfNegative, _) = histogram.Read(reader, histogram._counts.Negative);
        total = checked(total + all);
        if (total > 0 && !(double.IsFinite(minimum) && double.IsFinite(maximum) && minimum <= maximum))
        {
            throw new FormatException("The range of a histogram is none.");
        }

        // The exponent follows from the range; a file that says otherwise is not one of ours.
        if (total > 0)
        {
            Histogram empty = new(bins);
            empty.Include(minimum, maximum, total);
            (histogram._exponent, histogram.Minimum, histogram.Maximum, histogram.Total) = (empty._exponent, minimum, maximum, total);
        }

        return histogram._exponent == exponent
            && linearOfAll == Math.Max(0, histogram.LinearBinsInUse - histogram._layout.LinearStart)
            && linearOfNegative == Math.Max(0, histogram.LinearBinsOf(-minimum) - histogram._layout.LinearStart)
            && histogram._counts.All.Holds(histogram._counts.Negative)
            && highest + HistogramLayout.LowestOctave <= (exponent == NoExponent ? -1 + HistogramLayout.LowestOctave : histogram._layout.TopOctave(exponent))
            ? histogram
            : throw new FormatException("The range of a histogram does not fit its counts.");
    }

    // The number of values, the number of linear counts, and the highest octave, -1 where there is none.
    private (long Total, int Linear, int Highest) Read(BinaryReader reader, HistogramCounts read)
    {
        long total = 0;
        int before = -1;
        for (int octaves = Limited(reader.Read7BitEncodedInt(), HistogramLayout.Octaves); octaves > 0; octaves--)
        {
            int octave = Limited(reader.Read7BitEncodedInt(), HistogramLayout.Octaves - 1);
            long[] counts = ReadCounts(reader, _layout.OctaveBins);
            if (octave <= before || counts.AsSpan().IndexOfAnyExcept(0) < 0)
            {
                throw new FormatException("An octave of a histogram is empty, or stands in the wrong place.");
            }

            before = octave;
            total = checked(total + Sum(counts));
            read.AddOctaves(counts, octave + HistogramLayout.LowestOctave);
        }

        long[] linear = ReadCounts(reader, Limited(reader.Read7BitEncodedInt(), Bins - _layout.LinearStart));
        linear.CopyTo(read.Linear, _layout.LinearStart);
        return (checked(total + Sum(linear)), linear.Length, before);
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<long> counts)
    {
        foreach (long count in counts)
        {
            writer.Write7BitEncodedInt64(count);
        }
    }

    private static long[] ReadCounts(BinaryReader reader, int count)
    {
        long[] counts = new long[count];
        for (int i = 0; i < count; i++)
        {
            counts[i] = ReadCount(reader);
        }

        return counts;
    }

    private static long ReadCount(BinaryReader reader)
        => reader.Read7BitEncodedInt64() is >= 0 and var count ? count : throw new FormatException("A count is negative.");

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum = checked(sum + count);
        }

        return sum;
    }

    private static int Limited(int value, int limit)
        => value >= 0 && value <= limit ? value : throw new FormatException($"A number of a histogram that should be at most {limit} is {value}.");
}
