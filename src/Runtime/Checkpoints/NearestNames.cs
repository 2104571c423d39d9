namespace QuantGen.Checkpoints;

/// <summary>The name that somebody may have meant.</summary>
internal static class NearestNames
{
    // A file may have any names; comparing takes the product of two lengths.
    private const int LongestName = 120, MostNames = 500;

    /// <summary>A phrase that names the nearest name, or nothing where none is near.</summary>
    /// <param name="name">The name that is wrong.</param>
    /// <param name="names">Those that there are.</param>
    /// <param name="introduction">What stands before it.</param>
    public static string Hint(string name, IEnumerable<string> names, string introduction)
        => Nearest(name, names) is { } nearest ? $" ({introduction} {CheckpointException.Quote(nearest)})" : "";

    /// <summary>The nearest name; null where more than half of the letters would have to change.</summary>
    public static string? Nearest(string name, IEnumerable<string> names)
        => name.Length > LongestName
            ? null
            : names.Take(MostNames).Where(other => other.Length <= LongestName)
                .Select(other => (Name: other, Distance: Distance(name, other)))
                .Where(other => 2 * other.Distance <= Math.Max(name.Length, other.Name.Length))
                .OrderBy(other => other.Distance)
                .Select(other => other.Name)
                .FirstOrDefault();

    // Levenshtein's distance: how many letters have to be put in, taken out or exchanged. A name in another one's module is nearest.
    private static int Distance(string left, string right)
    {
        if (left.EndsWith("." + right, StringComparison.Ordinal) || right.EndsWith("." + left, StringComparison.Ordinal))
        {
            return 1;
        }

        int[] above = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 0; i < left.Length; i++)
        {
            int diagonal = above[0]++;
            for (int j = 0; j < right.Length; j++)
            {
                int changed = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = above[j + 1];
                above[j + 1] = Math.Min(changed, Math.Min(diagonal, above[j]) + 1);
            }
        }

        return above[^1];
    }
}
