using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Generators;

namespace QuantGen.Tests.Verification;

/// <summary>Compiles sources against what this test process itself runs on: real TorchSharp, real QuantGen.</summary>
internal static class Compiler
{
    public static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Diagnose);

    /// <summary>What the sources of the tests start with.</summary>
    public const string Usings = """
        using QuantGen;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        """;

    private static readonly ImmutableArray<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file
                && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "TorchSharp.dll" or "QuantGen.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path, System.Text.Encoding.UTF8);

    public static CSharpCompilation Compile(params string[] sources)
        => Compile(sources.Select((source, i) => Parse(source, $"Models/File{i}.cs")));

    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees) => CSharpCompilation.Create(
        "Models",
        trees,
        s_references,
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            optimizationLevel: OptimizationLevel.Debug,
            allowUnsafe: true));

    public static GeneratorDriver Driver() => Driver(new QuantizeGenerator());

    public static GeneratorDriver Driver(QuantizeGenerator generator) => CSharpGeneratorDriver.Create(
        [generator.AsSourceGenerator()],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>The ids of the errors in sources that use what is generated from them.</summary>
    public static IEnumerable<string> ErrorsWithGenerated(params string[] sources)
    {
        Driver().RunGeneratorsAndUpdateCompilation(Compile(sources), out Compilation with, out _);
        return with.GetDiagnostics().Where(problem => problem.Severity == DiagnosticSeverity.Error).Select(problem => problem.Id);
    }

    /// <summary>Errors and warnings; a test's own sources need no documentation.</summary>
    public static IEnumerable<Diagnostic> Problems(Compilation compilation)
        => compilation.GetDiagnostics().Where(d => d.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning && d.Id is not ("CS1591" or "CS1701"));
}
