namespace QuantGen.Generators.Parsing;

/// <summary>Hands out names for generated members.</summary>
/// <param name="used">All words of the user's class.</param>
internal sealed class FreeNames(IEnumerable<string> used)
{
    private readonly HashSet<string> _used = [.. used];

    /// <summary>The wanted name, with underscores after it as needed.</summary>
    public string Take(string wanted)
    {
        while (!_used.Add(wanted))
        {
            wanted += "_";
        }

        return wanted;
    }
}
