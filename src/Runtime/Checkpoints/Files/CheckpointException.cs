namespace QuantGen;

/// <summary>
/// A checkpoint that cannot be read: damaged, incomplete, of a kind that is not read, or with something in it that is no tensor. Nothing was loaded.
/// </summary>
public sealed class CheckpointException : Exception
{
    // What is quoted from a file is shown up to this length, so that a damaged name does not fill a screen.
    private const int LongestQuote = 100;

    private CheckpointException(string path, string message, Exception? cause)
        : base(message, cause) => Path = path;

    /// <summary>The file, as it was given.</summary>
    public string Path { get; }

    /// <summary>What the file says of itself cannot be.</summary>
    /// <param name="path">The file.</param>
    /// <param name="place">Where in it, such as "the header" or "byte 12".</param>
    /// <param name="problem">What is wrong there.</param>
    /// <param name="cause">What was thrown there, if anything.</param>
    internal static CheckpointException Damaged(string path, string place, string problem, Exception? cause = null)
        => new(path, $"'{path}' is damaged or incomplete: {place}: {problem}. Copy the file again, or write it again. Nothing was loaded.", cause);

    /// <summary>The file is whole, but not one that is read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="problem">What is in it.</param>
    /// <param name="remedy">What to do, as a sentence without its full stop.</param>
    internal static CheckpointException Refused(string path, string problem, string remedy)
        => new(path, $"'{path}' {problem}. {remedy}. Nothing was loaded.", null);

    /// <summary>A text of a file, as a message may show it.</summary>
    internal static string Quote(string text)
    {
        string shown = new([.. text.Take(LongestQuote).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c)]);
        return text.Length > LongestQuote ? $"'{shown}…'" : $"'{shown}'";
    }
}
