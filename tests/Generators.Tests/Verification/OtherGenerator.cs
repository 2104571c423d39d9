using Microsoft.CodeAnalysis;

namespace QuantGen.Tests.Verification;

/// <summary>Another source generator of a project: it writes a file that QuantGen's does not see.</summary>
internal sealed class OtherGenerator(string text) : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
        => context.RegisterSourceOutput(context.CompilationProvider, (output, _) => output.AddSource("Other.g.cs", text));
}
