using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators;

namespace QuantGen.Benchmarks.Generators;

/// <summary>What an edit costs in a project of 100 files with annotated models: the generator's part, after each key.</summary>
/// <remarks>Medians after edits to warm up: an editor keeps its compiler running.</remarks>
internal static class EditComparison
{
    private const int Files = 100;
    private const int Rounds = 21;
    private const int WarmUp = 200;

    private const string Unrelated = "namespace Other; public static class Text { public static int Words(string text) { return text.Length; } }";

    public static void Run()
    {
        CSharpCompilation compilation = Project();
        SyntaxTree unrelated = compilation.SyntaxTrees.Last();
        SyntaxTree model = compilation.SyntaxTrees.First(tree => tree.FilePath.EndsWith("50/ResNet.cs", StringComparison.Ordinal));
        GeneratorDriver[] drivers = [First(new QuantizeGenerator(), compilation), First(new AttributeFinder(), compilation)];
        string[] edit = ["var res = fc", "var n{0} = {0}; var res = fc"];
        Medians(drivers, compilation, model, edit[0], edit[1], WarmUp);
        Print("a body elsewhere", Edit(unrelated, "text.Length", "text.Length + {0}"), "at most 10 ms");
        Print("a declaration elsewhere", Edit(unrelated, "int Words(", "int Words{0}("), "");
        Print("one that all models mention", Edit(unrelated, "int Words(", "int forward(char c{0}) {{ return 1; }} public static int Words("), "");
        Print("a model's file", Edit(model, edit[0], edit[1]), "at most 30 ms");
        Print("a model's file, above it", Edit(model, "namespace ", "// {0}\nnamespace "), "");

        double[] Edit(SyntaxTree tree, string piece, string with) => Medians(drivers, compilation, tree, piece, with, Rounds);
    }

    private static GeneratorDriver First(IIncrementalGenerator generator, CSharpCompilation compilation)
    {
        long start = Stopwatch.GetTimestamp();
        GeneratorDriver driver = CSharpGeneratorDriver.Create([generator.AsSourceGenerator()]).RunGenerators(compilation);
        Console.WriteLine($"{generator.GetType().Name}: {Files} files with models, {driver.GetRunResult().GeneratedTrees.Length} generated classes, {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms for the first time");
        return driver;
    }

    /// <summary>The median times of several generators, which take turns: each edit is new to each of them.</summary>
    private static double[] Medians(GeneratorDriver[] drivers, CSharpCompilation compilation, SyntaxTree tree, string piece, string with, int rounds)
    {
        double[][] times = [.. drivers.Select(_ => new double[rounds])];
        string text = tree.ToString();
        for (int round = -rounds; round < rounds; round++)
        {
            string edited = text.Replace(piece, string.Format(null, with, round + rounds), StringComparison.Ordinal);
            for (int i = 0; i < drivers.Length; i++)
            {
                // A compilation of its own: what one generator has bound, another need not bind again.
                CSharpCompilation next = compilation.ReplaceSyntaxTree(tree, Parse(edited, tree.FilePath));
                long before = Stopwatch.GetTimestamp();
                drivers[i] = drivers[i].RunGenerators(next);
                times[i][Math.Max(round, 0)] = Stopwatch.GetElapsedTime(before).TotalMilliseconds;
            }
        }

        return [.. times.Select(Median)];
    }

    private static double Median(double[] times)
    {
        Array.Sort(times);
        return times[times.Length / 2];
    }

    private static void Print(string edit, double[] times, string bound)
        => Console.WriteLine($"  edit of {edit,-28} {times[0],7:F2} ms   {bound,-14} (the compiler takes {times[1]:F2} ms to find attributes)");

    private static CSharpCompilation Project()
    {
        string[] names = [.. Directory.GetFiles(ModelFolder(), "*.cs").Order(StringComparer.Ordinal)];
        IEnumerable<SyntaxTree> models = Enumerable.Range(0, Files).Select(i =>
        {
            string path = names[i % names.Length];
            string text = File.ReadAllText(path).Replace("namespace ModelZoo", $"namespace Zoo{i}", StringComparison.Ordinal);
            return Parse(text, $"{i / names.Length * 10}/{Path.GetFileName(path)}");
        });
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file
                && (file.StartsWith("System.", StringComparison.Ordinal) || file is "netstandard.dll" or "TorchSharp.dll" or "QuantGen.Runtime.dll"))
            .Select(path => MetadataReference.CreateFromFile(path));
        const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.Linq;";
        return CSharpCompilation.Create(
            "Models", [Parse(ImplicitUsings, "Usings.cs"), .. models, Parse(Unrelated, "Text.cs")], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest), path);

    private static string ModelFolder([CallerFilePath] string file = "")
        => Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "tests", "EndToEnd.Tests", "Models");

    /// <summary>What any generator costs that looks for an attribute.</summary>
    private sealed class AttributeFinder : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context)
        {
            IncrementalValuesProvider<int> found = context.SyntaxProvider.ForAttributeWithMetadataName(
                "QuantGen.QuantizeAttribute", static (node, _) => node is ClassDeclarationSyntax, static (syntax, _) => syntax.Attributes.Length);
            context.RegisterSourceOutput(found, static (_, _) => { });
        }
    }
}
