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

    private readonly List<Entry> _entries = [];

    /// <summary>An edit and the text that it is about, which of a pair of parentheses is all between them.</summary>
    /// <param name="Scope">The text, in the file.</param>
    /// <param name="IsAround">Whether it leaves the text as it is and puts something around it.</param>
    /// <param name="Edit">The edit.</param>
    internal readonly record struct Entry(TextSpan Scope, bool IsAround, TextEdit Edit);

    public void Replace(TextSpan span, string text) => _entries.Add(new(span, false, new(span.Start - origin, span.Length, ReplaceOrder, text)));

    public void Insert(int position, string text) => _entries.Add(new(new(position, 0), false, new(position - origin, 0, InsertOrder, text)));

    /// <summary>Puts text around a span.</summary>
    public void Wrap(TextSpan span, string before, string after) => Wrap(span, before, after, inside: 0);

    /// <summary>Puts text around a span, inside of what <see cref="Wrap(TextSpan, string, string)"/> puts there.</summary>
    public void WrapInside(TextSpan span, string before, string after) => Wrap(span, before, after, inside: 1);

    /// <summary>Replaces a span whatever edits are inside of it; what is put around it stays.</summary>
    public void ReplaceAll(TextSpan span, string text)
    {
        _entries.RemoveAll(entry => span.Contains(entry.Scope) && !(entry.IsAround && entry.Scope == span));
        Replace(span, text);
    }

    public void AddRange(IEnumerable<Entry> entries) => _entries.AddRange(entries);

    public EquatableArray<TextEdit> ToSorted() => [.. _entries.Select(entry => entry.Edit).OrderBy(edit => edit)];

    private void Wrap(TextSpan span, string before, string after, int inside)
    {
        _entries.Add(new(span, true, new(span.Start - origin, 0, inside - (2 * span.Length), before)));
        _entries.Add(new(span, true, new(span.End - origin, 0, CloseOrder + (2 * span.Length) - inside, after)));
    }

    /// <summary>The edits inside a span.</summary>
    public IEnumerable<Entry> Within(TextSpan span) => _entries.Where(entry => span.Contains(entry.Scope));
}
