extern alias Analyzers;

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using QuantGen.Tests.Verification;
using Xunit.Abstractions;

namespace QuantGen.Tests.Fuzzing;

/// <summary>Whatever is typed, nothing throws, and what is generated from code that compiles compiles.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string CountVariable = "QUANTGEN_FUZZ";
    private const string SeedVariable = "QUANTGEN_FUZZ_SEED";
    private const int DefaultCount = 300;
    private const int DefaultSeed = 20_240;

    /// <summary>What the project of the models imports implicitly.</summary>
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.Linq;";

    private static readonly string[] s_models =
        ["LeNet", "AlexNet", "Vgg", "ResNet", "MobileNetV2", "MobileNetV3", "GoogLeNet", "SequenceTagger", "Transformer", "Matcher", "FunctionalAttention", "InceptionNet"];

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(Analyzers::QuantGen.Analyzers.SpecificationAnalyzer).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    [Fact]
    public void Random_edits_of_real_models_never_break_the_generator_or_what_it_writes()
    {
        int count = Number(CountVariable, DefaultCount);
        int seed = Number(SeedVariable, DefaultSeed);
        SyntaxTree[] models = [.. s_models.Select(name => Compiler.Parse(ExpectedFile.RepositoryFile($"tests/EndToEnd.Tests/Models/{name}.cs"), $"{name}.cs"))];
        CSharpCompilation usings = Compiler.Compile(ImplicitUsings);
        ConcurrentBag<string> failures = [];
        int compiled = 0;

        Parallel.For(0, count, i =>
        {
            Random random = new(seed + i);
            SyntaxTree tree = models[random.Next(models.Length)];
            string text = tree.ToString();
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                text = SyntacticEdit.Apply(text, random);
            }

            (bool compiles, string? failure) = Check(usings.AddSyntaxTrees(Compiler.Parse(text, tree.FilePath)));
            Interlocked.Add(ref compiled, compiles ? 1 : 0);
            if (failure is not null)
            {
                failures.Add($"{tree.FilePath}, variant {i}: {failure}\n{(failures.Count < 3 ? text : "")}");
            }
        });

        output.WriteLine($"{count} variants, of which {compiled} compile; {failures.Count} failures.");
        Assert.True(failures.IsEmpty, $"{failures.Count} failures\n" + string.Join("\n", failures.OrderBy(f => f.Length).Take(60)));
    }

    /// <summary>What went wrong with one variant, or <see langword="null"/>.</summary>
    private static (bool Compiles, string? Failure) Check(CSharpCompilation compilation)
    {
        bool compiles = !compilation.SyntaxTrees.Any(tree => tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error)) && !Errors(compilation).Any();
        GeneratorRunResult result = Compiler.Driver().RunGenerators(compilation).GetRunResult().Results[0];
        if (result.Exception is { } exception)
        {
            return (compiles, "the generator threw " + exception);
        }

        if (result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Id == "QG1007") is { } defect)
        {
            return (compiles, defect.ToString());
        }

        Diagnostic? thrown = compilation.WithAnalyzers(s_analyzers).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult().FirstOrDefault(d => d.Id == "AD0001");
        if (thrown is not null)
        {
            return (compiles, thrown.ToString());
        }

        if (!compiles)
        {
            return (false, null);
        }

        CSharpCompilation with = compilation.AddSyntaxTrees(result.GeneratedSources.Select(source => Compiler.Parse(source.SourceText.ToString(), source.HintName)));
        Diagnostic[] errors = [.. Errors(with)];
        return (true, errors.Length == 0 ? null : string.Join("; ", errors.Take(3).Select(error => $"{error} in: {Line(error)}")));
    }

    private static string Line(Diagnostic error)
        => error.Location.SourceTree!.GetText().Lines.GetLineFromPosition(error.Location.SourceSpan.Start).ToString().Trim();

    private static IEnumerable<Diagnostic> Errors(Compilation compilation) => compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error);

    private static int Number(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
