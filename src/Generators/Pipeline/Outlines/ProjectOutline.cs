using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>All that can change how the body of a method in an unchanged file binds: what each file declares, the references, the options.</summary>
/// <remarks>
/// After an edit of a body the hash of the whole stays. After an edit of a declaration, a file's own hash stays if the
/// declaration's name is not among the names that the file can come to depend on: those in its text, those in what is declared
/// by such a name, and so on. C# finds everything by its simple name, but for operators, indexers and what it looks for by a
/// pattern, such as <c>GetEnumerator</c>: these go with the name of their type.
/// </remarks>
internal sealed class ProjectOutline
{
    private readonly FileOutline[] _files;
    private readonly ulong _surroundings;
    private readonly Lazy<Dictionary<string, DeclaredName>> _names;
    private readonly Lazy<(ulong Hash, HashSet<string> Names)> _everywhere;
    private readonly ConcurrentDictionary<SyntaxTree, ulong> _hashes = new();

    private ProjectOutline(CSharpCompilation compilation)
    {
        _surroundings = Surroundings(compilation);
        _files = [.. compilation.SyntaxTrees.Select(FileOutline.Of)];
        _names = new(() => DeclaredName.Merge(_files));
        _everywhere = new(() => Reach([""], []));
        Hash = _files.Aggregate(_surroundings, (hash, file) => Fnv.Mix(hash, file.Hash));
    }

    /// <summary>Of everything.</summary>
    public ulong Hash { get; }

    public static ProjectOutline Of(Compilation compilation) => new((CSharpCompilation)compilation);

    /// <summary>A hash of all that a file can depend on.</summary>
    public ulong HashFor(SyntaxTree tree)
        => _files.Any(file => file.HasComputedNames) ? Hash : _hashes.GetOrAdd(tree, t => unchecked(_surroundings + _everywhere.Value.Hash + Reach(FileOutline.Of(t).Words, _everywhere.Value.Names).Hash));

    /// <summary>The declared names that some names lead to, but for those already reached. The sum does not depend on their order.</summary>
    private (ulong Hash, HashSet<string> Names) Reach(IEnumerable<string> from, HashSet<string> reached)
    {
        ulong hash = 0;
        HashSet<string> names = new(StringComparer.Ordinal);
        Stack<IEnumerable<string>> left = new([from]);
        while (left.Count > 0)
        {
            foreach (string name in left.Pop())
            {
                if (!reached.Contains(name) && _names.Value.TryGetValue(name, out DeclaredName? declared) && names.Add(name))
                {
                    hash = unchecked(hash + declared.Hash);
                    left.Push(declared.Words);
                }
            }
        }

        return (hash, names);
    }

    private static ulong Surroundings(CSharpCompilation compilation)
    {
        // Not Options.GetHashCode(): inside the command-line compiler one of its resolvers throws from GetHashCode.
        CSharpCompilationOptions options = compilation.Options;
        ulong hash = Fnv.Mix(Fnv.Start, (ulong)options.NullableContextOptions + (options.CheckOverflow ? 16UL : 0) + (options.AllowUnsafe ? 32UL : 0));
        return compilation.References.Aggregate(hash, (sum, reference) => Fnv.Mix(sum, (ulong)RuntimeHelpers.GetHashCode(reference)));
    }
}
