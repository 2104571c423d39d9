using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Parsing;

/// <summary>Takes the text of a class out of its file, without its <c>[Quantize]</c> attributes.</summary>
internal static class SourceBlockReader
{
    /// <summary>Where the text starts: after the attribute lists at its head that hold nothing but <c>[Quantize]</c>.</summary>
    public static int Start(ClassDeclarationSyntax declaration, SemanticModel model, KnownSymbols known)
    {
        SyntaxToken first = declaration.GetFirstToken();
        foreach (AttributeListSyntax list in declaration.AttributeLists)
        {
            if (!list.Attributes.All(attribute => IsQuantize(attribute, model, known)))
            {
                break;
            }

            first = list.GetLastToken().GetNextToken();
        }

        return first.SpanStart;
    }

    public static SourceBlock Read(ClassDeclarationSyntax declaration, int start)
    {
        SourceText text = declaration.SyntaxTree.GetText();
        int firstLine = text.Lines.GetLineFromPosition(start).LineNumber;
        int lastLine = text.Lines.GetLineFromPosition(declaration.Span.End).LineNumber;
        EquatableArray<int> lineStarts = [.. Enumerable.Range(firstLine, lastLine - firstLine + 1).Select(line => Math.Max(0, text.Lines[line].Start - start))];
        return new(
            text.ToString(TextSpan.FromBounds(start, declaration.Span.End)),
            declaration.SyntaxTree.FilePath,
            lineStarts,
            firstLine + 1,
            Indentation(text, start));
    }

    /// <summary>The white space at the start of the line that holds a position.</summary>
    public static string Indentation(SourceText text, int position)
    {
        string line = text.Lines.GetLineFromPosition(position).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    /// <summary>The documentation comment of the class as it is written.</summary>
    public static string Documentation(ClassDeclarationSyntax declaration)
    {
        SourceText text = declaration.SyntaxTree.GetText();
        IEnumerable<SyntaxTrivia> comments = declaration.GetLeadingTrivia().Where(trivia =>
            trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia)
            || trivia.IsKind(SyntaxKind.MultiLineDocumentationCommentTrivia)
            || trivia.ToString().StartsWith("///", StringComparison.Ordinal));
        return string.Join("\n", comments.Select(trivia => Indentation(text, trivia.FullSpan.Start) + trivia.ToFullString().TrimStart().TrimEnd()));
    }

    /// <summary>Whether an attribute is a <c>[Quantize]</c>.</summary>
    public static bool IsQuantize(AttributeSyntax attribute, SemanticModel model, KnownSymbols known)
        => KnownSymbols.Same(model.GetTypeInfo(attribute).Type, known.Quantize);
}
