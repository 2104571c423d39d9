using System.Text;
using QuantGen.Generators.Models;

namespace QuantGen.Generators.Emitting;

/// <summary>Prints a piece of the user's text with its edits.</summary>
internal static class EditedText
{
    /// <summary>Prints the text from one position to another.</summary>
    /// <param name="source">The text of the class.</param>
    /// <param name="start">The first position.</param>
    /// <param name="end">The position after the last.</param>
    /// <param name="edits">Edits in order.</param>
    public static string Print(string source, int start, int end, IEnumerable<TextEdit> edits)
    {
        StringBuilder text = new();
        int at = start;
        foreach (TextEdit edit in edits)
        {
            text.Append(source, at, edit.Start - at).Append(edit.NewText);
            at = edit.Start + edit.Length;
        }

        return text.Append(source, at, end - at).ToString();
    }
}
