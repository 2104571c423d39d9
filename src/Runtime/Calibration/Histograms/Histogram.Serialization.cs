namespace QuantGen;

/// <content>The part of a calibration state's file that holds a histogram.</content>
public sealed partial class Histogram
{
    /// <summary>Writes bins, exponent, range and counts; empty bins at the end are left out.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Bins);
        writer.Write(_exponent);
        writer.Write(Minimum);
        writer.Write(Maximum);
        ReadOnlySpan<long> counts = Counts;
        writer.Write7BitEncodedInt(counts.Length);
        foreach (long count in counts)
        {
            writer.Write7BitEncodedInt64(count);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
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
        int used = reader.Read7BitEncodedInt();
        if (used < 1 || used > bins)
        {
            throw new FormatException($"A histogram of {bins} bins has {used} of them in use.");
        }

        long total = 0;
        for (int bin = 0; bin < used; bin++)
        {
            long count = reader.Read7BitEncodedInt64();
            total = checked(total + (count >= 0 ? count : throw new FormatException("A count is negative.")));
            histogram._counts[bin] = count;
        }

        // The exponent follows from the range; a file that says otherwise is not one of ours.
        if (total > 0)
        {
            Histogram empty = new(bins);
            empty.Include(minimum, maximum, total);
            (histogram._exponent, histogram.Minimum, histogram.Maximum, histogram.Total) = (empty._exponent, minimum, maximum, total);
        }

        return histogram._exponent == exponent && histogram.Counts.Length == used
            ? histogram
            : throw new FormatException("The range of a histogram does not fit its counts.");
    }
}
