using System.Security.Cryptography;
using System.Text;

namespace QuantGen.Statistics.Shards;

/// <summary>The file format of <see cref="CalibrationState"/>, version 3; described in docs/calibration-state-format.md.</summary>
internal static class CalibrationStateFormat
{
    private const byte Version = 3, HistogramKind = 1, AmaxKind = 2, SawNotFinite = 1;
    private const int ChecksumBytes = 32, MostBins = 1 << 24, MostDimensions = 64;

    private static ReadOnlySpan<byte> Magic => "QGCALIB\n"u8;

    public static byte[] Write(CalibrationState state)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write7BitEncodedInt64(state.Batches);
        writer.Write7BitEncodedInt(state.Quantizers.Count);
        foreach ((string name, TensorStatistics statistics) in state.Quantizers)
        {
            writer.Write(name);
            writer.Write(statistics is HistogramStatistics ? HistogramKind : AmaxKind);
            writer.Write(statistics.SawNotFinite ? SawNotFinite : (byte)0);
            writer.Write7BitEncodedInt64(statistics.Batches);
            try
            {
                statistics.Write(writer);
            }
            catch (InvalidOperationException e)
            {
                throw new InvalidOperationException($"Quantizer '{name}' cannot be saved: {e.Message}", e);
            }
        }

        writer.Flush();
        writer.Write(SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    public static CalibrationState Read(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith(Magic))
        {
            throw new InvalidDataException("it does not start like one.");
        }

        if (bytes.Length > Magic.Length && bytes[Magic.Length] != Version)
        {
            throw new InvalidDataException(
                $"it says version {bytes[Magic.Length]}, and this release knows version {Version} only. Collect the statistics again.");
        }

        // Everything else is covered by the checksum, so that what follows meets bytes that were written as they are, or a forger.
        if (bytes.Length <= Magic.Length + 1 + ChecksumBytes || !SHA256.HashData(bytes[..^ChecksumBytes]).AsSpan().SequenceEqual(bytes[^ChecksumBytes..]))
        {
            throw new InvalidDataException("its checksum is wrong: it is damaged or cut off.");
        }

        using MemoryStream stream = new(bytes[(Magic.Length + 1)..^ChecksumBytes].ToArray());
        using BinaryReader reader = new(stream, Encoding.UTF8);
        try
        {
            CalibrationState state = Read(reader);
            return stream.Position == stream.Length ? state : throw new InvalidDataException("it has bytes behind its end.");
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException("its content contradicts itself.", e);
        }
    }

    private static CalibrationState Read(BinaryReader reader)
    {
        long batches = Count(reader);
        int quantizers = reader.Read7BitEncodedInt();
        Dictionary<string, TensorStatistics> read = new(StringComparer.Ordinal);
        for (int i = 0; i < quantizers; i++)
        {
            string name = reader.ReadString();
            (byte kind, byte flags) = (reader.ReadByte(), reader.ReadByte());
            long seen = Count(reader);
            TensorStatistics statistics = kind switch
            {
                HistogramKind => new HistogramStatistics(seen, Histogram.Read(reader, MostBins), BatchRanges: null),
                AmaxKind => ReadAmax(reader, seen),
                _ => throw new FormatException($"There is no kind {kind} of statistics."),
            };
            read.Add(name, flags <= SawNotFinite ? statistics with { SawNotFinite = flags == SawNotFinite } : throw new FormatException("There is no such flag."));
        }

        return new(read, batches);
    }

    private static AxisStatistics ReadAmax(BinaryReader reader, long batches)
    {
        (double minimum, double maximum) = (reader.ReadDouble(), reader.ReadDouble());
        int count = Limited(reader.Read7BitEncodedInt(), (int)(reader.BaseStream.Length / sizeof(float)));
        long[] shape = new long[Limited(reader.Read7BitEncodedInt(), MostDimensions)];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = Count(reader);
        }

        if (count > 0 && shape.Aggregate(1L, (product, size) => checked(product * size)) != count)
        {
            throw new FormatException("The shape does not have as many elements.");
        }

        float[] amax = new float[count];
        for (int i = 0; i < count; i++)
        {
            amax[i] = reader.ReadSingle();
        }

        return new(batches, count == 0 ? null : new(amax, shape), minimum, maximum);
    }

    private static int Limited(int value, int limit)
        => value >= 0 && value <= limit ? value : throw new FormatException($"A number that should be at most {limit} is {value}.");

    private static long Count(BinaryReader reader)
        => reader.Read7BitEncodedInt64() is >= 0 and var count ? count : throw new FormatException("A count is negative.");
}
