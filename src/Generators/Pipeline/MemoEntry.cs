using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Parsing;
using QuantGen.Generators.Pipeline.Outlines;

namespace QuantGen.Generators.Pipeline;

/// <summary>What was read for one class, and what it was read from.</summary>
/// <param name="Declaration">The class.</param>
/// <param name="Files">All files that have parts of it or of its attributes: every text that it depends on.</param>
/// <param name="IsWhole">Whether the class has no other part.</param>
/// <param name="Outline">What the project declared.</param>
/// <param name="Parsed">What was read.</param>
internal sealed record MemoEntry(ClassDeclarationSyntax Declaration, SyntaxTree[] Files, bool IsWhole, ProjectOutline Outline, ParsedClass Parsed)
{
    public static MemoEntry Create(AnnotatedClass found, SemanticModel model, ParsedClass parsed, ProjectOutline outline, CancellationToken cancellation)
    {
        SyntaxTree[] parts = model.GetDeclaredSymbol(found.Declaration, cancellation) is { } symbol ? [.. ClassPart.Declarations(symbol, cancellation).Select(part => part.SyntaxTree)] : [];
        IEnumerable<SyntaxTree> attributes = found.FromAssembly?.Select(attribute => attribute.ApplicationSyntaxReference?.SyntaxTree).OfType<SyntaxTree>() ?? [];
        return new(found.Declaration, [.. parts.Concat(attributes).Append(found.Declaration.SyntaxTree).Distinct()], parts.Length == 1, outline, parsed);
    }

    /// <summary>This entry for the class as it stands now, or <see langword="null"/> where it must be read again.</summary>
    public MemoEntry? For(ClassDeclarationSyntax now, Compilation compilation, ProjectOutline outline)
    {
        bool isSame = now == Declaration && Files.All(compilation.ContainsSyntaxTree);
        if (!isSame && !(IsWhole && Files.Length == 1 && IsMoved(now)))
        {
            return null;
        }

        if (Outline.Hash != outline.Hash && !Files.Select(file => file == Declaration.SyntaxTree ? now.SyntaxTree : file).All(file => Outline.HashFor(file) == outline.HashFor(file)))
        {
            return null;
        }

        return isSame ? this with { Outline = outline } : new(now, [now.SyntaxTree], IsWhole, outline, Moved(now));
    }

    /// <summary>Whether the file changed in such a way that the class and what stands around it is the same at another place.</summary>
    private bool IsMoved(ClassDeclarationSyntax now)
    {
        return now.Span.Length == Declaration.Span.Length
            && FileOutline.Of(now.SyntaxTree).Hash == FileOutline.Of(Declaration.SyntaxTree).Hash
            && Around(now).SequenceEqual(Around(Declaration))
            && FileFrameReader.AllUsings(now).SequenceEqual(FileFrameReader.AllUsings(Declaration))
            && Text(now).ContentEquals(Text(Declaration))
            && SourceBlockReader.Documentation(now) == SourceBlockReader.Documentation(Declaration)
            && Parsed.Diagnostics.All(diagnostic => diagnostic.Path == Declaration.SyntaxTree.FilePath && Declaration.Span.Contains(diagnostic.Span));

        // A namespace with braces and one for the whole file declare the same.
        static IEnumerable<int> Around(ClassDeclarationSyntax declaration) => declaration.Ancestors().Select(outer => outer.RawKind);

        // With the start of its first line, of which it takes the indentation.
        static SourceText Text(ClassDeclarationSyntax declaration)
        {
            SourceText text = declaration.SyntaxTree.GetText();
            return text.GetSubText(TextSpan.FromBounds(text.Lines.GetLineFromPosition(declaration.SpanStart).Start, declaration.Span.End));
        }
    }

    private ParsedClass Moved(ClassDeclarationSyntax now)
    {
        int characters = now.SpanStart - Declaration.SpanStart;
        int lines = Line(now) - Line(Declaration);
        return characters == 0
            ? Parsed
            : new(
                [.. Parsed.Models.Select(model => model with { Source = model.Source with { FirstLine = model.Source.FirstLine + lines } })],
                [.. Parsed.Diagnostics.Select(diagnostic => diagnostic with { Span = new(diagnostic.Span.Start + characters, diagnostic.Span.Length) })]);

        static int Line(ClassDeclarationSyntax declaration) => declaration.SyntaxTree.GetText().Lines.GetLineFromPosition(declaration.SpanStart).LineNumber;
    }
}
