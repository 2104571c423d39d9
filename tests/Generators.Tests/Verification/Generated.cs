using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace QuantGen.Tests.Verification;

/// <summary>What the generator makes of sources that compile, with the proof that its output compiles too, without a warning.</summary>
internal sealed class Generated
{
    private readonly CSharpCompilation _compilation;
    private readonly Dictionary<string, string> _texts;

    private Generated(CSharpCompilation compilation, Dictionary<string, string> texts, IReadOnlyList<Diagnostic> diagnostics)
        => (_compilation, _texts, Diagnostics) = (compilation, texts, diagnostics);

    /// <summary>What the generator said.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The names of the generated files.</summary>
    public IEnumerable<string> Files => _texts.Keys.Order(StringComparer.Ordinal);

    /// <summary>Runs the generator on a model in a namespace of its own, after the usual usings.</summary>
    public static Generated FromModel(string model) => From(Compiler.Usings + "namespace Models;\n" + model);

    public static Generated From(params string[] sources) => From(Compiler.Compile(sources));

    public static Generated From(CSharpCompilation compilation)
    {
        Assert.Empty(Compiler.Problems(compilation));
        GeneratorDriverRunResult result = Compiler.Driver().RunGenerators(compilation).GetRunResult();
        Assert.Null(result.Results[0].Exception);
        Dictionary<string, string> texts = result.Results[0].GeneratedSources.ToDictionary(source => source.HintName, source => source.SourceText.ToString());

        // Generated code silences warnings, since the user's text has its own; here they are heard.
        CSharpCompilation with = compilation.AddSyntaxTrees(texts.Select(text => Compiler.Parse(text.Value.Replace("#pragma warning disable\n", "\n", StringComparison.Ordinal), text.Key)));
        Assert.True(!Compiler.Problems(with).Any(), string.Join("\n", Compiler.Problems(with)) + "\n" + string.Join("\n", texts.Values));
        return new(compilation.AddSyntaxTrees(texts.Select(text => Compiler.Parse(text.Value, text.Key))), texts, result.Diagnostics);
    }

    /// <summary>The text of a generated class by its name.</summary>
    public string this[string name] => _texts.Single(text => text.Key.EndsWith(name + ".g.cs", StringComparison.Ordinal)).Value;

    /// <summary>The only generated text.</summary>
    public string Text => _texts.Values.Single();

    /// <summary>The line of the only generated text that holds a piece of code, without white space around it; the members of <c>Quantizers</c> do not count.</summary>
    public string LineWith(string piece)
        => Text.Split('\n').Single(line => line.Contains(piece, StringComparison.Ordinal) && !line.Contains("_model", StringComparison.Ordinal)).Trim();

    /// <summary>Loads sources and generated code with their symbols.</summary>
    public Assembly Load()
    {
        using MemoryStream assembly = new();
        using MemoryStream symbols = new();
        EmitResult result = _compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        (assembly.Position, symbols.Position) = (0, 0);
        return new AssemblyLoadContext("Models", isCollectible: false).LoadFromStream(assembly, symbols);
    }
}
