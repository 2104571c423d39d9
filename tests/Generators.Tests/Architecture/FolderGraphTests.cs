using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Tests.Verification;
using Xunit.Abstractions;

namespace QuantGen.Tests.Architecture;

/// <summary>The folders of the generator are layers: each refers to those before it only.</summary>
public sealed class FolderGraphTests(ITestOutputHelper output)
{
    /// <summary>From the bottom: what is before a folder in this list, it may refer to.</summary>
    private static readonly string[] s_layers =
    [
        "Specification", "Models", "Mappings", "Diagnostics", "Parsing", "DataFlow", "Editing", "Rewriting", "Tracing", "Emitting", "Pipeline/Outlines", "Pipeline", "",
    ];

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly string _root = ExpectedFile.RepositoryPath("src/Generators");

    [Fact]
    public void Each_folder_refers_to_layers_below_it_only()
    {
        SortedDictionary<(int From, int To), List<string>> references = [];
        foreach ((string from, string to, string what) in References())
        {
            (int, int) cell = (Array.IndexOf(s_layers, from), Array.IndexOf(s_layers, to));
            Assert.True(cell.Item1 >= 0 && cell.Item2 >= 0, $"'{from}' or '{to}' is a folder that has no layer yet.");
            if (!references.TryGetValue(cell, out List<string>? found))
            {
                references.Add(cell, found = []);
            }

            found.Add(what);
        }

        output.WriteLine(Matrix(references.ToDictionary(entry => entry.Key, entry => entry.Value.Count)));
        Assert.Empty(references.Where(entry => entry.Key.To > entry.Key.From).SelectMany(entry => entry.Value.Distinct()));
    }

    /// <summary>Every name in a file that binds to something which another folder declares.</summary>
    private IEnumerable<(string From, string To, string What)> References()
    {
        SyntaxTree[] trees =
        [
            .. Directory.GetFiles(_root, "*.cs", SearchOption.AllDirectories)
                .Where(file => !IsBuilt(Path.GetRelativePath(_root, file)))
                .Select(file => Compiler.Parse(File.ReadAllText(file), file)),
        ];
        IEnumerable<MetadataReference> platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)))
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Generators",
            trees.Append(Compiler.Parse(ImplicitUsings, "ImplicitUsings.cs")),
            platform,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        // Where a name does not bind, a reference would be missed.
        Assert.Empty(compilation.GetDiagnostics().Where(problem => problem.Severity == DiagnosticSeverity.Error));

        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                string? declared = (symbol as INamespaceSymbol is null ? symbol?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault() : null)?.SyntaxTree.FilePath;
                if (declared is not null && Folder(declared) != Folder(tree.FilePath))
                {
                    yield return (Folder(tree.FilePath), Folder(declared), $"{Path.GetRelativePath(_root, tree.FilePath)} refers to {Path.GetRelativePath(_root, declared)}");
                }
            }
        }
    }

    private string Folder(string file) => Path.GetRelativePath(_root, Path.GetDirectoryName(file)!) is var folder && folder == "." ? "" : folder.Replace('\\', '/');

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar)[0] is "obj" or "bin";

    private static string Matrix(Dictionary<(int From, int To), int> counts)
    {
        const int Width = 6;
        StringBuilder text = new("from \\ to".PadRight(20));
        foreach (string layer in s_layers)
        {
            text.Append(Short(layer).PadLeft(Width));
        }

        for (int from = 0; from < s_layers.Length; from++)
        {
            text.AppendLine().Append(Name(s_layers[from]).PadRight(20));
            for (int to = 0; to < s_layers.Length; to++)
            {
                text.Append((from == to ? "·" : counts.TryGetValue((from, to), out int count) ? count.ToString(CultureInfo.InvariantCulture) : "").PadLeft(Width));
            }
        }

        return text.ToString();

        static string Name(string layer) => layer.Length == 0 ? "(root)" : layer;
        static string Short(string layer) => Name(layer).Split('/')[^1] is { Length: > 5 } name ? name[..5] : Name(layer).Split('/')[^1];
    }
}
