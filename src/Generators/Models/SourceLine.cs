using System.Globalization;
using System.Text.RegularExpressions;

namespace QuantGen.Generators.Models;

/// <summary>
/// The number of a line inside generated text. It is filled in when the text is printed, since the class may have moved in its file without being
/// read again.
/// </summary>
internal static class SourceLine
{
    private const char Open = '\u0001';
    private const char Close = '\u0002';

    private static readonly Regex s_marks = new("(?:\\\\u0001|\u0001)([0-9]+)(?:\\\\u0002|\u0002)", RegexOptions.CultureInvariant);

    /// <summary>Stands for the number of the line that holds a position of the text of the class.</summary>
    public static string At(int position) => Open + position.ToString(CultureInfo.InvariantCulture) + Close;

    /// <summary>Fills in the numbers. In a literal, the marks are written as escapes.</summary>
    public static string Fill(string text, SourceBlock source)
        => s_marks.Replace(text, mark => source.LineAt(int.Parse(mark.Groups[1].Value, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture));
}
