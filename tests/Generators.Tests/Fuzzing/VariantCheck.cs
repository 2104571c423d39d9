extern alias Analyzers;

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using QuantGen.Generators;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Fuzzing;

/// <summary>What must hold for every variant: nothing throws, what is generated compiles where the sources do, and what is remembered is right.</summary>
internal static class VariantCheck
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(Analyzers::QuantGen.Analyzers.SpecificationAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    /// <summary>Whether the last state of a project compiles, and what went wrong with it, or <see langword="null"/>.</summary>
    /// <param name="states">The project after each edit.</param>
    /// <param name="number">Of the variant: what takes longest is checked for some only.</param>
    public static async Task<(bool Compiles, string? Failure)> Run(IReadOnlyList<CSharpCompilation> states, int number)
    {
        CSharpCompilation compilation = states[^1];
        bool compiles = !compilation.SyntaxTrees.SelectMany(tree => tree.GetDiagnostics()).Any(IsError) && !compilation.GetDiagnostics().Any(IsError);
        GeneratorRunResult result = Result(Driver().RunGenerators(compilation));
        string? failure = Defect(result)
            ?? (compiles || number % 3 == 0 ? await Analyze(compilation, compiles).ConfigureAwait(false) : null)
            ?? (number % 4 == 0 ? Remember(states, result) : null);
        if (failure is not null || !compiles)
        {
            return (compiles, failure);
        }

        CSharpCompilation with = compilation.AddSyntaxTrees(result.GeneratedSources.Select(source => Compiler.Parse(source.SourceText.ToString(), source.HintName)));
        Diagnostic[] errors = [.. with.GetDiagnostics().Where(IsError)];
        return (true, errors.Length == 0 ? null : string.Join("; ", errors.Take(3).Select(error => $"{error} in: {Line(error)}")));
    }

    /// <summary>What a driver that has seen each state of a project says otherwise than a new one, or <see langword="null"/>.</summary>
    private static string? Remember(IEnumerable<CSharpCompilation> states, GeneratorRunResult fresh)
    {
        GeneratorDriver driver = Driver();
        foreach (CSharpCompilation state in states)
        {
            driver = driver.RunGenerators(state);
        }

        GeneratorRunResult remembered = Result(driver);
        string[] wrong = [.. Texts(remembered).Except(Texts(fresh))];
        string[] missing = [.. Texts(fresh).Except(Texts(remembered))];
        return Defect(remembered)
            ?? (wrong.Length + missing.Length == 0 ? null : $"what is remembered differs: {string.Join("\n", wrong)}\nfrom: {string.Join("\n", missing)}");
    }

    private static string? Defect(GeneratorRunResult result)
        => result.Exception is { } exception
            ? "the generator threw " + exception
            : result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Id == "QG1007")?.ToString();

    private static async Task<string?> Analyze(CSharpCompilation compilation, bool compiles)
    {
        ConcurrentBag<string> thrown = [];
        CompilationWithAnalyzersOptions options = new(
            new AnalyzerOptions([]), (error, analyzer, _) => thrown.Add($"{analyzer.GetType().Name} threw {error}"), concurrentAnalysis: false, logAnalyzerExecutionTime: false);
        CompilationWithAnalyzers analysis = compilation.WithAnalyzers(s_analyzers, options);
        if (compiles)
        {
            await analysis.GetAnalyzerDiagnosticsAsync(CancellationToken.None).ConfigureAwait(false);
        }
        else
        {
            // As an editor asks, file by file, which takes less.
            foreach (SyntaxTree tree in compilation.SyntaxTrees)
            {
                await analysis.GetAnalyzerSyntaxDiagnosticsAsync(tree, CancellationToken.None).ConfigureAwait(false);
                await analysis.GetAnalyzerSemanticDiagnosticsAsync(compilation.GetSemanticModel(tree), null, CancellationToken.None).ConfigureAwait(false);
            }
        }

        return thrown.FirstOrDefault();
    }

    // Not the driver of the other tests: where it tracks steps, the compiler loses an output of a Combine after one before it was removed.
    private static CSharpGeneratorDriver Driver() => CSharpGeneratorDriver.Create([new QuantizeGenerator().AsSourceGenerator()], parseOptions: Compiler.ParseOptions);

    private static GeneratorRunResult Result(GeneratorDriver driver) => driver.GetRunResult().Results[0];

    private static IEnumerable<string> Texts(GeneratorRunResult result)
        => result.GeneratedSources.Select(source => source.HintName + "\n" + source.SourceText)
            .Concat(result.Diagnostics.Select(diagnostic => diagnostic.ToString()));

    private static string Line(Diagnostic error)
        => error.Location.SourceTree?.GetText().Lines.GetLineFromPosition(error.Location.SourceSpan.Start).ToString().Trim() ?? "";

    private static bool IsError(Diagnostic diagnostic) => diagnostic.Severity == DiagnosticSeverity.Error;
}
