using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Diagnostics;

/// <summary>A diagnostic as values, so that it can travel through the pipeline.</summary>
internal sealed record DiagnosticInfo(string Id, string Path, TextSpan Span, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, SyntaxNodeOrToken place, params string[] arguments)
        => new(descriptor.Id, place.SyntaxTree!.FilePath, place.Span, [.. arguments]);

    /// <summary>The text of a node as a message quotes it.</summary>
    public static string OneLine(SyntaxNode node) => string.Join(" ", node.ToString().Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>
    /// The diagnostic at its place in the compilation's own tree: with a location that only names the file,
    /// <c>#pragma warning</c> would not reach it.
    /// </summary>
    public Diagnostic ToDiagnostic(Compilation compilation)
    {
        SyntaxTree? tree = compilation.SyntaxTrees.FirstOrDefault(t => t.FilePath == Path && Span.End <= t.Length);
        return Diagnostic.Create(Rules.Find(Id), tree is null ? Location.None : Location.Create(tree, Span), [.. Arguments]);
    }
}
