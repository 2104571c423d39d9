using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.CodeAnalysis;
using QuantGen.Tests.Verification;
using Xunit.Abstractions;

namespace QuantGen.Tests.Fuzzing;

/// <summary>Whatever is typed, nothing throws, and what is generated from code that compiles compiles.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const string CountVariable = "QUANTGEN_FUZZ";
    private const string SeedVariable = "QUANTGEN_FUZZ_SEED";
    private const int DefaultCount = 1000;
    private const int DefaultSeed = 20_240;

    [Fact]
    public async Task What_is_edited_is_right_before()
    {
        foreach (SyntaxTree[] project in Projects().DistinctBy(files => files[0].FilePath))
        {
            Variant variant = Variant.Of(project);
            Assert.Equal((true, null), await VariantCheck.Run([variant.Compilation, variant.Compilation], 0));
        }
    }

    [Fact]
    public async Task Random_edits_of_real_models_never_break_the_generator_or_what_it_writes()
    {
        int count = Number(CountVariable, DefaultCount);
        int seed = Number(SeedVariable, DefaultSeed);
        SyntaxTree[][] projects = [.. Projects()];
        ConcurrentBag<string> failures = [];
        int compiled = 0;

        await Parallel.ForAsync(0, count, async (i, _) =>
        {
            Random random = new(seed + i);
            List<Variant> states = [Variant.Of(projects[random.Next(projects.Length)])];
            for (int edits = random.Next(1, 4); edits > 0; edits--)
            {
                states.Add(states[^1].Edit(random));
            }

            (bool compiles, string? failure) = await VariantCheck.Run([.. states.Select(state => state.Compilation)], i).ConfigureAwait(false);
            Interlocked.Add(ref compiled, compiles ? 1 : 0);
            if (failure is not null)
            {
                failures.Add($"variant {i}: {failure}\n{(failures.Count < 3 ? states[^1] : "")}");
            }
        });

        output.WriteLine($"{count} variants, of which {compiled} compile; {failures.Count} failures.");
        Assert.True(failures.IsEmpty, $"{failures.Count} failures\n" + string.Join("\n", failures.OrderBy(f => f.Length).Take(60)));
    }

    /// <summary>The models of the end-to-end tests, each with all of its files, and a family of models in four files.</summary>
    private static IEnumerable<SyntaxTree[]> Projects()
    {
        string models = ExpectedFile.RepositoryPath("tests/EndToEnd.Tests/Models");
        foreach (string file in Directory.GetFiles(models, "*.cs").Order(StringComparer.Ordinal))
        {
            yield return Parse([file]);
        }

        foreach (string folder in Directory.GetDirectories(models).Order(StringComparer.Ordinal))
        {
            yield return Parse(Directory.GetFiles(folder, "*.cs").Order(StringComparer.Ordinal));
        }

        // More often than one of the models, since edits of one file change what the others mean.
        SyntaxTree[] family = [.. Family.Files.Select((text, i) => Compiler.Parse(text, $"Family{i}.cs"))];
        SyntaxTree[] zoo = [.. Zoo.Files.Select((text, i) => Compiler.Parse(text, $"Zoo{i}.cs"))];
        foreach (SyntaxTree[] project in Enumerable.Repeat(family, 4).Concat(Enumerable.Repeat(zoo, 8)))
        {
            yield return project;
        }

        static SyntaxTree[] Parse(IEnumerable<string> files) => [.. files.Select(file => Compiler.Parse(File.ReadAllText(file), Path.GetFileName(file)))];
    }

    private static int Number(string variable, int otherwise)
        => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
