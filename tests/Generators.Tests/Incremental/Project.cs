using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Generators;
using QuantGen.Generators.Pipeline;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Incremental;

/// <summary>A project that is edited, and which of its classes are read after an edit.</summary>
internal sealed class Project
{
    private readonly ConcurrentBag<string> _read = [];
    private CSharpCompilation _compilation;
    private GeneratorDriver _driver;

    public Project(params string[] files)
    {
        _compilation = Compiler.Compile(files);
        Assert.Empty(Compiler.Problems(_compilation));
        _driver = Compiler.Driver(new QuantizeGenerator((model, declaration, attributes, cancellation) =>
        {
            _read.Add(declaration.Identifier.ValueText);
            return ModelParser.Parse(model, declaration, attributes, cancellation);
        })).RunGenerators(_compilation);
    }

    /// <summary>The classes that were read by the last run, by name.</summary>
    public IEnumerable<string> Read => _read.Order(StringComparer.Ordinal);

    public GeneratorRunResult Result => _driver.GetRunResult().Results[0];

    /// <summary>Replaces a piece of a file, and checks that what is remembered is what a new run gives.</summary>
    public GeneratorRunResult Edit(int file, string piece, string with)
    {
        SyntaxTree tree = _compilation.SyntaxTrees[file];
        Assert.Contains(piece, tree.ToString(), StringComparison.Ordinal);
        _compilation = _compilation.ReplaceSyntaxTree(tree, Compiler.Parse(tree.ToString().Replace(piece, with, StringComparison.Ordinal), tree.FilePath));
        _read.Clear();
        _driver = _driver.RunGenerators(_compilation);

        GeneratorRunResult fresh = Compiler.Driver().RunGenerators(_compilation).GetRunResult().Results[0];
        Assert.Equal(Texts(fresh), Texts(Result));
        Assert.Equal(fresh.Diagnostics.Select(d => d.ToString()), Result.Diagnostics.Select(d => d.ToString()));
        return Result;
    }

    public IEnumerable<IncrementalStepRunReason> Reasons(string step)
        => Result.TrackedSteps[step].SelectMany(s => s.Outputs).Select(output => output.Reason);

    public IEnumerable<IncrementalStepRunReason> OutputReasons
        => Result.TrackedOutputSteps.SelectMany(s => s.Value).SelectMany(s => s.Outputs).Select(output => output.Reason);

    private static IEnumerable<string> Texts(GeneratorRunResult result)
        => result.GeneratedSources.Select(source => source.HintName + "\n" + source.SourceText);
}
