using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>Finds short names for types in the generated file, and names that are still free.</summary>
/// <remarks>
/// A namespace of the runtime is imported unless one of its types has a name by which the user's text already means
/// something else. A type is written short where its short name means nothing, or already the type, at that place, and no
/// generated class has it, which would come before what is imported.
/// </remarks>
internal sealed class NameBinding
{
    private readonly SemanticModel _model;
    private readonly IReadOnlyCollection<string> _words;
    private readonly HashSet<string> _imported = [];

    /// <param name="model">Of the file.</param>
    /// <param name="declaration">The class.</param>
    /// <param name="usings">The using directives that hold there.</param>
    /// <param name="words">All words of the class, in whatever part.</param>
    public NameBinding(SemanticModel model, ClassDeclarationSyntax declaration, IEnumerable<string> usings, IReadOnlyCollection<string> words)
    {
        (_model, _words) = (model, words);
        List<string> extra = [];
        foreach (string name in new[] { KnownSymbols.RuntimeNamespace, KnownSymbols.ModulesNamespace, KnownSymbols.OnnxNamespace })
        {
            if (usings.Contains($"using {name};") || usings.Contains($"using global::{name};"))
            {
                _imported.Add(name);
            }
            else if (Find(model.Compilation, name) is { } found && !Clashes(found, declaration.SpanStart))
            {
                _imported.Add(name);
                extra.Add($"using {name};");
            }
        }

        Extra = [.. extra];
    }

    /// <summary>The using directives that the user's file does not have.</summary>
    public ImmutableArray<string> Extra { get; }

    public bool IsImported(string name) => _imported.Contains(name);

    /// <summary>How a type of the runtime is written at a position of the user's file.</summary>
    public string Short(INamedTypeSymbol type, int position) => Short(type.ContainingNamespace.ToDisplayString(), type.Name, position);

    /// <summary>How a type of the runtime is written at a position of the user's file.</summary>
    public string Short(string containingNamespace, string name, int position)
    {
        bool free = _imported.Contains(containingNamespace)
            && !GeneratedNames.Contains(_model.Compilation, name)
            && Meanings(name, position).All(symbol => symbol is INamedTypeSymbol { ContainingType: null } type
                && type.ContainingNamespace.ToDisplayString() == containingNamespace);
        return free ? name : $"global::{containingNamespace}.{name}";
    }

    /// <summary>What a simple name means at a position; several where it is ambiguous.</summary>
    /// <remarks>
    /// It is bound as if it stood there. <c>LookupSymbols</c>, made for completion lists, begins by listing all that the
    /// imported namespaces have, after every edit.
    /// </remarks>
    public ImmutableArray<ISymbol> Meanings(string name, int position)
    {
        SymbolInfo info = _model.GetSpeculativeSymbolInfo(position, SyntaxFactory.IdentifierName(name), SpeculativeBindingOption.BindAsExpression);
        return info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;
    }

    /// <summary>Whether a type that is found without its namespace has a name.</summary>
    public bool IsOfRuntime(string name) => _imported.Any(space => Find(_model.Compilation, space) is { } found && !found.GetTypeMembers(name).IsEmpty);

    /// <summary>The names that the class does not use yet.</summary>
    public FreeNames Free() => new(_words);

    private bool Clashes(INamespaceSymbol added, int position)
        => _words.Any(word => !added.GetTypeMembers(word).IsEmpty
            && _model.LookupNamespacesAndTypes(position, name: word).Any(symbol => !KnownSymbols.Same(symbol.ContainingSymbol, added)));

    private static INamespaceSymbol? Find(Compilation compilation, string name)
    {
        INamespaceSymbol? at = compilation.GlobalNamespace;
        foreach (string part in name.Split('.'))
        {
            at = at?.GetMembers(part).OfType<INamespaceSymbol>().FirstOrDefault();
        }

        return at;
    }
}
