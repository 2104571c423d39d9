namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>A 64-bit FNV-1a hash (Fowler, Noll and Vo), of which equal outlines are known.</summary>
internal static class Fnv
{
    public const ulong Start = 14695981039346656037UL;

    private const ulong Prime = 1099511628211UL;

    public static ulong Mix(ulong hash, ulong value) => unchecked((hash ^ value) * Prime);

    /// <summary>Mixes in a text and its end, so that <c>ab c</c> is not <c>a bc</c>.</summary>
    public static ulong Mix(ulong hash, string text)
    {
        foreach (char c in text)
        {
            hash = Mix(hash, c);
        }

        return Mix(hash, ' ');
    }
}
