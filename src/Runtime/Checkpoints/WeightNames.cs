using System.Text.RegularExpressions;

namespace QuantGen;

/// <summary>
/// Which name of a file is which name of a model. Rules are tried in their order, and the first that matches says it; names without a rule stay, but for what
/// <see cref="Default"/> knows of PyTorch and TorchSharp.
/// </summary>
/// <example><code>WeightNames.Default.Map("backbone.*", "features.*").Ignore("head.*")</code></example>
public sealed class WeightNames
{
    private readonly (Regex Pattern, string? Replacement)[] _rules;

    private WeightNames(bool knowsHabits, (Regex Pattern, string? Replacement)[] rules) => (KnowsHabits, _rules) = (knowsHabits, rules);

    /// <summary>
    /// Knows what names differ by as a rule: the prefixes <c>module.</c> (data parallel), <c>_orig_mod.</c> (compiled) and <c>model.</c> where all names of the
    /// file have them and the model has not; children of a <c>Sequential</c> that have names in the model and numbers in the file; upper and lower case,
    /// underscores and the fields behind automatic properties. None of it is applied to a name that the model has.
    /// </summary>
    public static WeightNames Default { get; } = new(true, []);

    /// <summary>Takes names as they are, but for its rules.</summary>
    public static WeightNames Exact { get; } = new(false, []);

    /// <summary>Whether names that the model does not have are looked for by the habits of PyTorch and TorchSharp.</summary>
    internal bool KnowsHabits { get; }

    /// <summary>Adds a rule that gives names of the file to the model under other names.</summary>
    /// <param name="pattern">A name in the file; each <c>*</c> is any text, dots included, as short as possible.</param>
    /// <param name="replacement">The name in the model; each <c>*</c> is the text of the one in the same place of the pattern.</param>
    /// <returns>The rules with this one behind them.</returns>
    /// <exception cref="ArgumentException">The replacement has more <c>*</c> than the pattern.</exception>
    public WeightNames Map(string pattern, string replacement)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        ArgumentException.ThrowIfNullOrEmpty(replacement);
        if (replacement.Count(c => c == '*') > pattern.Count(c => c == '*'))
        {
            throw new ArgumentException($"'{replacement}' has more * than '{pattern}', so that there is no text for them.", nameof(replacement));
        }

        return With(pattern, replacement);
    }

    /// <summary>Adds a rule that leaves tensors of the file out.</summary>
    /// <param name="pattern">Their names in the file; each <c>*</c> is any text.</param>
    /// <returns>The rules with this one behind them.</returns>
    public WeightNames Ignore(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return With(pattern, null);
    }

    /// <summary>Applies the rules.</summary>
    /// <param name="name">A name.</param>
    /// <param name="renamed">What it is in the model; null for one to leave out.</param>
    /// <returns>Whether a rule matched.</returns>
    internal bool TryApply(string name, out string? renamed)
    {
        foreach ((Regex pattern, string? replacement) in _rules)
        {
            Match match = pattern.Match(name);
            if (match.Success)
            {
                int group = 0;
                renamed = replacement is null ? null : string.Concat(replacement.Select(c => c == '*' ? match.Groups[++group].Value : c.ToString()));
                return true;
            }
        }

        renamed = name;
        return false;
    }

    // Without backtracking: the names come from a file, which may have been made to take long.
    private WeightNames With(string pattern, string? replacement)
    {
        string expression = $"^{string.Join("(.*?)", pattern.Split('*').Select(Regex.Escape))}$";
        return new(
            KnowsHabits, [.. _rules, (new(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline), replacement)]);
    }
}
