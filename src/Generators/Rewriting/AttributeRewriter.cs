using Microsoft.CodeAnalysis.CSharp.Syntax;
using QuantGen.Generators.Editing;
using QuantGen.Generators.Mappings;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Rewriting;

/// <summary><c>[Quantize, Serializable]</c> becomes <c>[Serializable]</c>: the sibling is not annotated itself.</summary>
internal static class AttributeRewriter
{
    /// <summary>Removes the <c>[Quantize]</c>s that stand among other attributes; the lines stay as many as they are.</summary>
    public static void Rewrite(ClassPart part, KnownSymbols known, EditList edits)
    {
        foreach (AttributeListSyntax list in Lists(part))
        {
            List<AttributeSyntax> kept = [.. list.Attributes.Where(attribute => !SourceBlockReader.IsQuantize(attribute, part.Model, known))];
            if (kept.Count == list.Attributes.Count)
            {
                continue;
            }

            string lines = new('\n', list.ToString().Count(c => c == '\n'));
            edits.Replace(list.Span, kept.Count == 0 ? lines : $"[{list.Target?.ToString() ?? ""}{string.Join(", ", kept.Select(attribute => attribute.ToString()))}]{lines}");
        }
    }

    /// <summary>Those of the class from where its text starts, and of the classes nested in it.</summary>
    private static IEnumerable<AttributeListSyntax> Lists(ClassPart part)
        => part.Declaration.AttributeLists.Where(list => list.SpanStart >= part.Origin)
            .Concat(part.Declaration.DescendantNodes().OfType<ClassDeclarationSyntax>().SelectMany(nested => nested.AttributeLists));
}
