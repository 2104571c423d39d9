using QuantGen.Generators.Models;

namespace QuantGen.Generators.Pipeline;

/// <summary>Tells apart the files of classes whose names differ only by case.</summary>
internal static class HintNames
{
    private const string Extension = ".g.cs";

    /// <summary>The names that some other name equals but for case, in order.</summary>
    public static EquatableArray<string> Clashes(IEnumerable<string> names) =>
    [
        .. names.Distinct(StringComparer.Ordinal)
            .GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .SelectMany(group => group)
            .OrderBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>The name, with a number where it clashes.</summary>
    public static string Distinct(string name, EquatableArray<string> clashes)
    {
        List<string> same = [.. clashes.Where(other => other.Equals(name, StringComparison.OrdinalIgnoreCase))];
        int at = same.IndexOf(name);
        return at <= 0 ? name : $"{name.Substring(0, name.Length - Extension.Length)}-{at + 1}{Extension}";
    }
}
