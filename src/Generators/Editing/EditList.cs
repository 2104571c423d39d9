using Microsoft.CodeAnalysis.Text;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Editing;

/// <summary>Collects edits of the user's text.</summary>
/// <param name="origin">Where the text of the class starts in its file.</param>
internal sealed class EditList(int origin)
{
    // At one place, what closes comes before what opens, of two that close the inner first, of two that open the outer.
    private const int CloseOrder = int.MinValue;
    private const int InsertOrder = 1;
    private const int ReplaceOrder = 2;

    private readonly List<TextEdit> _edits = [];

    public void Replace(TextSpan span, string text) => _edits.Add(new(span.Start - origin, span.Length, ReplaceOrder, text));

    public void Insert(int position, string text) => _edits.Add(new(position - origin, 0, InsertOrder, text));

    /// <summary>Puts text around a span.</summary>
    public void Wrap(TextSpan span, string before, string after) => Wrap(span, before, after, inside: 0);

    /// <summary>Puts text around a span, inside of what <see cref="Wrap(TextSpan, string, string)"/> puts there.</summary>
    public void WrapInside(TextSpan span, string before, string after) => Wrap(span, before, after, inside: 1);

    public void AddRange(IEnumerable<TextEdit> edits) => _edits.AddRange(edits);

    public EquatableArray<TextEdit> ToSorted() => [.. _edits.OrderBy(edit => edit)];

    private void Wrap(TextSpan span, string before, string after, int inside)
    {
        _edits.Add(new(span.Start - origin, 0, inside - (2 * span.Length), before));
        _edits.Add(new(span.End - origin, 0, CloseOrder + (2 * span.Length) - inside, after));
    }

    /// <summary>The edits inside a span.</summary>
    public IEnumerable<TextEdit> Within(TextSpan span)
        => _edits.Where(edit => edit.Start >= span.Start - origin && edit.Start + edit.Length <= span.End - origin);
}
