using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Architecture;

/// <summary>Which folder of a project refers to which, by every name in it.</summary>
/// <param name="folder">The project's folder in the repository.</param>
/// <param name="layers">Its folders from the bottom up: what is before a folder in this list, it may refer to; "" is the project's folder itself.</param>
internal sealed class FolderGraph(string folder, IReadOnlyList<string> layers)
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private readonly string _root = ExpectedFile.RepositoryPath(folder);

    /// <summary>Files that the build writes, with the folder that they belong to.</summary>
    public IReadOnlyDictionary<string, string> Generated { get; init; } = new Dictionary<string, string>();

    /// <summary>Errors of the compiler that come from what a generator would add.</summary>
    public IReadOnlyList<string> ExpectedErrors { get; init; } = [];

    /// <summary>What refers to a layer above its own, a sentence each.</summary>
    /// <param name="matrix">The number of references from each layer to each other, as text.</param>
    public IReadOnlyList<string> BackEdges(out string matrix)
    {
        SortedDictionary<(int From, int To), List<string>> references = [];
        List<string> back = [];
        foreach ((string from, string to, string what) in References())
        {
            (int From, int To) cell = (Layer(from), Layer(to));
            if (cell.From < 0 || cell.To < 0)
            {
                back.Add($"'{(cell.From < 0 ? from : to)}' is a folder that has no layer yet");
            }
            else if (cell.To > cell.From)
            {
                back.Add(what);
            }

            if (!references.TryGetValue(cell, out List<string>? found))
            {
                references.Add(cell, found = []);
            }

            found.Add(what);
        }

        matrix = Matrix(references.ToDictionary(entry => entry.Key, entry => entry.Value.Count));
        return [.. back.Distinct()];
    }

    private int Layer(string name)
    {
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i] == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Every name in a file that binds to something which another folder declares.</summary>
    private IEnumerable<(string From, string To, string What)> References()
    {
        SyntaxTree[] trees =
        [
            .. Directory.GetFiles(_root, "*.cs", SearchOption.AllDirectories)
                .Where(file => !IsBuilt(Path.GetRelativePath(_root, file)))
                .Select(file => Compiler.Parse(File.ReadAllText(file), file)),
            .. Generated.Select(entry => Compiler.Parse(File.ReadAllText(entry.Key), Path.Combine(_root, entry.Value, Path.GetFileName(entry.Key)))),
        ];
        IEnumerable<MetadataReference> platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("QuantGen", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Layers",
            trees.Append(Compiler.Parse(ImplicitUsings, "ImplicitUsings.cs")),
            platform,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

        // Where a name does not bind, a reference would be missed.
        Assert.Empty(compilation.GetDiagnostics().Where(problem => problem.Severity == DiagnosticSeverity.Error && !ExpectedErrors.Contains(problem.Id)));

        foreach (SyntaxTree tree in trees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                string? declared = (symbol as INamespaceSymbol is null ? symbol?.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault() : null)?.SyntaxTree.FilePath;
                if (declared is not null && FolderOf(declared) != FolderOf(tree.FilePath))
                {
                    yield return (FolderOf(tree.FilePath), FolderOf(declared), $"{Path.GetRelativePath(_root, tree.FilePath)} refers to {Path.GetRelativePath(_root, declared)}");
                }
            }
        }
    }

    private string FolderOf(string file) => Path.GetRelativePath(_root, Path.GetDirectoryName(file)!) is var folder && folder == "." ? "" : folder.Replace('\\', '/');

    private static bool IsBuilt(string path) => path.Split(Path.DirectorySeparatorChar)[0] is "obj" or "bin";

    private string Matrix(Dictionary<(int From, int To), int> counts)
    {
        const int Width = 6;
        StringBuilder text = new("from \\ to".PadRight(20));
        foreach (string layer in layers)
        {
            text.Append(Short(layer).PadLeft(Width));
        }

        for (int from = 0; from < layers.Count; from++)
        {
            text.AppendLine().Append(Name(layers[from]).PadRight(20));
            for (int to = 0; to < layers.Count; to++)
            {
                text.Append((from == to ? "·" : counts.TryGetValue((from, to), out int count) ? count.ToString(CultureInfo.InvariantCulture) : "").PadLeft(Width));
            }
        }

        return text.ToString();

        static string Name(string layer) => layer.Length == 0 ? "(root)" : layer;
        static string Short(string layer) => Name(layer).Split('/')[^1] is { Length: > 5 } name ? name[..5] : Name(layer).Split('/')[^1];
    }
}
