using Microsoft.CodeAnalysis;
using QuantGen.Generators.Parsing;

namespace QuantGen.Generators.Editing;

/// <summary>The edits of each declaration of the annotated class.</summary>
internal sealed class PartEdits(IEnumerable<ClassPart> parts)
{
    private readonly Dictionary<ClassPart, EditList> _edits = parts.ToDictionary(part => part, part => new EditList(part.Origin));

    public EditList this[ClassPart part] => _edits[part];

    /// <summary>Those of the declaration that a node is in.</summary>
    public EditList At(SyntaxNode node) => _edits.First(entry => entry.Key.Contains(node)).Value;
}
