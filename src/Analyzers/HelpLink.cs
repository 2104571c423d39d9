namespace QuantGen.Analyzers;

/// <summary>Where the page of a rule is.</summary>
internal static class HelpLink
{
    public static string Of(string id) => $"docs/diagnostics/{id}.md";
}
