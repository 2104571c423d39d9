using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace QuantGen.Generators.Pipeline.Outlines;

/// <summary>All that is declared by one name.</summary>
internal sealed class DeclaredName
{
    private readonly List<ulong> _declarations = [];
    private readonly HashSet<ulong> _namespaces = [];
    private readonly HashSet<string> _words = [];

    /// <summary>Of the declarations in their order. A namespace counts once, however many files have it.</summary>
    public ulong Hash { get; private set; }

    /// <summary>The names that the declarations refer to.</summary>
    public IReadOnlyCollection<string> Words => _words;

    /// <summary>What one file declares.</summary>
    public static Dictionary<string, DeclaredName> Collect(IEnumerable<Declaration> declarations)
    {
        Dictionary<string, DeclaredName> names = new(StringComparer.Ordinal);
        foreach (Declaration declaration in declarations)
        {
            DeclaredName name = Get(names, declaration.Name);
            if (declaration.Signature is NameSyntax)
            {
                name._namespaces.Add(declaration.Hash);
            }
            else
            {
                name._declarations.Add(declaration.Hash);
                name._words.UnionWith(Signatures.Words(Signatures.Tokens(declaration.Signature)));
            }
        }

        return names;
    }

    /// <summary>What several files declare.</summary>
    public static Dictionary<string, DeclaredName> Merge(IEnumerable<FileOutline> files)
    {
        Dictionary<string, DeclaredName> names = new(StringComparer.Ordinal);
        foreach (KeyValuePair<string, DeclaredName> pair in files.SelectMany(file => file.Names))
        {
            DeclaredName name = Get(names, pair.Key);
            name._declarations.AddRange(pair.Value._declarations);
            name._namespaces.UnionWith(pair.Value._namespaces);
            name._words.UnionWith(pair.Value._words);
        }

        foreach (KeyValuePair<string, DeclaredName> pair in names)
        {
            ulong hash = pair.Value._declarations.Aggregate(Fnv.Mix(Fnv.Start, pair.Key), Fnv.Mix);
            pair.Value.Hash = pair.Value._namespaces.Aggregate(hash, (sum, space) => unchecked(sum + space));
        }

        return names;
    }

    private static DeclaredName Get(Dictionary<string, DeclaredName> names, string name)
    {
        if (!names.TryGetValue(name, out DeclaredName? declared))
        {
            names.Add(name, declared = new());
        }

        return declared;
    }
}
