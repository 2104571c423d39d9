namespace QuantGen.Analyzers;

/// <summary>Where the page of a rule is.</summary>
internal static class HelpLink
{
    public static string Of(string id) => $"https://github.com/quantgen/quantgen/blob/main/docs/diagnostics/{id}.md";
}
