using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Fuzzing;

/// <summary>The files of a project after some random edits.</summary>
/// <param name="Compilation">With all files.</param>
/// <param name="Edits">What was done, for a person who reads a failure.</param>
internal sealed record Variant(CSharpCompilation Compilation, ImmutableArray<string> Edits)
{
    /// <summary>What the project of the models imports implicitly; no edit changes it.</summary>
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.Linq;";

    private static readonly SyntaxTree s_usings = Compiler.Parse(ImplicitUsings, "Usings.cs");
    private static readonly CSharpCompilation s_empty = Compiler.Compile([s_usings]);

    /// <summary>The files that can be edited.</summary>
    public IEnumerable<SyntaxTree> Files => Compilation.SyntaxTrees.Where(tree => tree != s_usings);

    public static Variant Of(IEnumerable<SyntaxTree> files) => new(s_empty.AddSyntaxTrees(files), []);

    public Variant Edit(Random random)
    {
        SyntaxTree[] files = [.. Files];
        SyntaxTree file = files[random.Next(files.Length)];
        (string kind, string text, string? other) = random.Next(8) == 0 ? FileEdit.Apply(file, random) : SyntacticEdit.Apply(file, random);
        CSharpCompilation compilation = Compilation.ReplaceSyntaxTree(file, Compiler.Parse(text, file.FilePath));
        return new(
            other is null ? compilation : compilation.AddSyntaxTrees(Compiler.Parse(other, $"{Path.GetFileNameWithoutExtension(file.FilePath)}.{files.Length}.cs")),
            Edits.Add($"{kind} in {file.FilePath}"));
    }

    public override string ToString() => string.Join(", ", Edits) + "\n" + string.Join("\n", Files.Select(file => $"// {file.FilePath}\n{file}"));
}
