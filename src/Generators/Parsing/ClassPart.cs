using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.Parsing;

/// <summary>One declaration of the annotated class. A partial class can have several, each of which becomes a file.</summary>
internal sealed class ClassPart
{
    private readonly Lazy<IReadOnlyList<TypeName>> _typeNames;

    private ClassPart(ClassDeclarationSyntax declaration, SemanticModel model, KnownSymbols known, IReadOnlyCollection<string> words, CancellationToken cancellation)
    {
        (Declaration, Model) = (declaration, model);
        _typeNames = new(() => TypeName.ReadAll(declaration, model, cancellation));
        Origin = SourceBlockReader.Start(declaration, model, known);
        Names = new(model, declaration, FileFrameReader.AllUsings(declaration), words);
    }

    public ClassDeclarationSyntax Declaration { get; }

    /// <summary>The semantic model of its file.</summary>
    public SemanticModel Model { get; }

    /// <summary>Where its text starts in its file.</summary>
    public int Origin { get; }

    public NameBinding Names { get; }

    /// <summary>The names that stand for types, in their order.</summary>
    public IReadOnlyList<TypeName> TypeNames => _typeNames.Value;

    /// <summary>All declarations of a class: first the one that is annotated.</summary>
    public static List<ClassPart> ReadAll(INamedTypeSymbol symbol, ClassDeclarationSyntax first, SemanticModel model, KnownSymbols known, CancellationToken cancellation)
    {
        List<ClassDeclarationSyntax> declarations = [first, .. Declarations(symbol, cancellation).Where(other => other != first)];
        HashSet<string> words = [.. declarations.SelectMany(part => part.DescendantTokens()).Select(token => token.ValueText).Where(word => word.Length > 0)];
        return [.. declarations.Select(part => new ClassPart(part, part.SyntaxTree == first.SyntaxTree ? model : model.Compilation.GetSemanticModel(part.SyntaxTree), known, words, cancellation))];
    }

    public static IEnumerable<ClassDeclarationSyntax> Declarations(INamedTypeSymbol symbol, CancellationToken cancellation)
        => symbol.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).OfType<ClassDeclarationSyntax>();

    public bool Contains(SyntaxNode node) => node.SyntaxTree == Declaration.SyntaxTree && Declaration.Span.Contains(node.Span);

    public bool Contains(SyntaxReference reference) => reference.SyntaxTree == Declaration.SyntaxTree && Declaration.Span.Contains(reference.Span);
}
