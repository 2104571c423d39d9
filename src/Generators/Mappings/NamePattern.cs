using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Mappings;

/// <summary>Names in which <c>*</c> stands for anything, separated by commas.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name is one of them.</summary>
    public static bool Matches(string patterns, string name) => Split(patterns).Any(pattern => IsMatch(pattern, name));

    /// <summary>Whether a class is one of them, by its full name, or by its own where the pattern has no dot.</summary>
    public static bool Matches(string patterns, INamedTypeSymbol type)
    {
        string full = type.ToDisplayString(s_names);
        return Split(patterns).Any(pattern => IsMatch(pattern, pattern.IndexOf('.') < 0 ? type.Name : full));
    }

    private static readonly SymbolDisplayFormat s_names = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private static string[] Split(string patterns) => patterns.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries);

    private static bool IsMatch(string pattern, string name)
        => Regex.IsMatch(name, $"^{Regex.Escape(pattern).Replace("\\*", ".*")}$", RegexOptions.CultureInvariant);
}
