using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Testing;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace QuantGen.Tests.Verification;

/// <summary>Runs an analyzer on a source in which <c>[|…|]</c> marks what it should flag.</summary>
internal static class Verify<TAnalyzer>
    where TAnalyzer : DiagnosticAnalyzer, new()
{
    /// <summary>Checks the places of the diagnostics, and the message of the only one where it is given.</summary>
    public static async Task Flags(string source, string? message = null)
    {
        CSharpAnalyzerTest<TAnalyzer, DefaultVerifier> test = new()
        {
            // The references of this process: the usual ones would be downloaded.
            ReferenceAssemblies = new ReferenceAssemblies("net10.0"),
        };
        test.TestState.AdditionalReferences.AddRange(s_references);
        source = "using QuantGen;\n" + source;
        if (message is null)
        {
            test.TestCode = source;
        }
        else
        {
            // A numbered mark is a place to which an expected diagnostic can refer.
            test.TestCode = source.Replace("[|", "{|#0:", StringComparison.Ordinal).Replace("|]", "|}", StringComparison.Ordinal);
            test.ExpectedDiagnostics.Add(new DiagnosticResult(new TAnalyzer().SupportedDiagnostics[0]).WithLocation(0).WithMessage(message));
        }

        await test.RunAsync();
    }

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file
                && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "TorchSharp.dll" or "QuantGen.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
