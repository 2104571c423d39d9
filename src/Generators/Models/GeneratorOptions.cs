using Microsoft.CodeAnalysis.Diagnostics;

namespace QuantGen.Generators.Models;

/// <summary>What a project can choose about the generated text.</summary>
/// <param name="LineDirectives">Whether exceptions and breakpoints map to the user's file; off with <c>QuantGenLineDirectives=false</c>.</param>
internal sealed record GeneratorOptions(bool LineDirectives)
{
    public static GeneratorOptions Read(AnalyzerConfigOptionsProvider provider)
        => new(!provider.GlobalOptions.TryGetValue("build_property.QuantGenLineDirectives", out string? value)
            || !value.Equals("false", StringComparison.OrdinalIgnoreCase));
}
