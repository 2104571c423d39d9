namespace QuantGen.Diagnostics;

/// <summary>Where the page of a rule is, for the generator and the analyzers alike; an editor opens absolute addresses only.</summary>
internal static class HelpLink
{
    public static string Of(string id) => $"https://github.com/quantgen/quantgen/blob/main/docs/diagnostics/{id}.md";
}
