namespace QuantGen.Modules;

/// <summary>Sizes of spatial dimensions as arrays, from the forms that constructors take them in.</summary>
internal static class Sizes
{
    /// <summary>The same size in each of <paramref name="count"/> dimensions.</summary>
    public static long[] Repeat(long size, int count)
    {
        long[] sizes = new long[count];
        sizes.AsSpan().Fill(size);
        return sizes;
    }

    /// <summary>The same size in each of <paramref name="count"/> dimensions, or null.</summary>
    public static long[]? Repeat(long? size, int count) => size is { } given ? Repeat(given, count) : null;

    /// <summary>Height and width.</summary>
    public static long[] Of((long, long) sizes) => [sizes.Item1, sizes.Item2];

    /// <summary>Height and width, or null.</summary>
    public static long[]? Of((long, long)? sizes) => sizes is { } given ? Of(given) : null;

    /// <summary>Depth, height and width.</summary>
    public static long[] Of((long, long, long) sizes) => [sizes.Item1, sizes.Item2, sizes.Item3];

    /// <summary>Depth, height and width, or null.</summary>
    public static long[]? Of((long, long, long)? sizes) => sizes is { } given ? Of(given) : null;
}
