namespace QuantGen.Specification;

/// <summary>The words that a specification string may hold, and which of them a misspelt one was meant to be.</summary>
internal static class KnownTokens
{
    public const string Affine = "affine";
    public const int FewestBits = 2;
    public const int MostBits = 16;

    /// <summary>The words as the documentation lists them.</summary>
    public const string List =
        "2bit to 16bit, fp8, per-tensor, per-channel, axis=N, affine, symmetric, unsigned, narrow, max, entropy, mse, percentile=N, learned, none";

    private static readonly string[] s_words =
    [
        .. Enumerable.Range(FewestBits, MostBits - FewestBits + 1).Select(static bits => bits + "bit"),
        "fp8", "per-tensor", "per-channel", "axis=0", Affine, "symmetric", "unsigned", "narrow", "max", "entropy", "mse", "percentile=99.99", "learned", "none",
    ];

    // What people write who come from other tools; too far from our words to be found by spelling.
    private static readonly Dictionary<string, string> s_synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["int2"] = "2bit",
        ["int4"] = "4bit",
        ["int8"] = "8bit",
        ["int16"] = "16bit",
        ["uint8"] = "8bit unsigned",
        ["uint4"] = "4bit unsigned",
        ["e4m3"] = "fp8",
        ["float8"] = "fp8",
        ["asymmetric"] = Affine,
        ["zero-point"] = Affine,
        ["per-row"] = "axis=0",
        ["minmax"] = "max",
        ["kl"] = "entropy",
        ["float"] = "none",
        ["fp32"] = "none",
    };

    /// <summary>The known word that is closest to this one, or <see langword="null"/> where none is near.</summary>
    public static string? Closest(string token)
    {
        if (s_synonyms.TryGetValue(token, out string? meant))
        {
            return meant;
        }

        string? best = null;
        int bestDistance = Math.Max(2, token.Length / 2) + 1;
        foreach (string word in s_words)
        {
            // Of "percentile=99" only the name can be misspelt, not the number.
            int sign = word.IndexOf('=');
            int distance = sign > 0 && token.IndexOf('=') is var at and > 0
                ? EditDistance.Between(token.Substring(0, at), word.Substring(0, sign))
                : EditDistance.Between(token, word);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (word, distance);
            }
        }

        return best;
    }
}
