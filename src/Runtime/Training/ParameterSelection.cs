using System.Text.RegularExpressions;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Chooses a model's parameters by patterns of their names, to train them at different rates or not at all.</summary>
public static class ParameterSelection
{
    /// <summary>The parameters whose name any of the patterns matches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="patterns">Regular expressions, which match anywhere in a name such as <c>layer1.conv1.weight</c>.</param>
    /// <returns>Each parameter once, in the model's order.</returns>
    /// <exception cref="ArgumentException">A pattern is not a regular expression.</exception>
    public static IReadOnlyList<(string Name, Parameter Parameter)> MatchParameters(this Module model, params IEnumerable<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(patterns);
        Regex[] expressions = [.. patterns.Select(pattern => new Regex(pattern, RegexOptions.CultureInvariant))];
        return [.. model.named_parameters().Where(entry => expressions.Any(expression => expression.IsMatch(entry.name)))];
    }

    /// <summary>Groups of parameters with options of their own, for an optimizer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="patterns">The patterns of each group, as for <see cref="MatchParameters"/>. Parameters that no pattern matches are in no group.</param>
    /// <param name="learningRates">A learning rate for each group, or null for the optimizer's.</param>
    /// <param name="momentums">A momentum for each group, or null for the optimizer's.</param>
    /// <param name="weightDecays">A weight decay for each group, or null for the optimizer's.</param>
    /// <exception cref="ArgumentException">A list of options of another length than there are groups.</exception>
    public static IReadOnlyList<ParameterGroup> GroupParameters(
        this Module model, IReadOnlyList<IReadOnlyList<string>> patterns,
        IReadOnlyList<double>? learningRates = null, IReadOnlyList<double>? momentums = null, IReadOnlyList<double>? weightDecays = null)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        CheckLength(learningRates, patterns.Count, nameof(learningRates));
        CheckLength(momentums, patterns.Count, nameof(momentums));
        CheckLength(weightDecays, patterns.Count, nameof(weightDecays));
        return [.. patterns.Select((group, i) => new ParameterGroup(
            model.MatchParameters(group), learningRates?[i], momentums?[i], weightDecays?[i]))];
    }

    /// <summary>Stops the training of the parameters whose name any of the patterns matches.</summary>
    /// <param name="model">The model.</param>
    /// <param name="patterns">Regular expressions, as for <see cref="MatchParameters"/>.</param>
    public static void FreezeParameters(this Module model, params IEnumerable<string> patterns)
    {
        foreach ((_, Parameter parameter) in model.MatchParameters(patterns))
        {
            parameter.requires_grad_(false);
        }
    }

    private static void CheckLength(IReadOnlyList<double>? options, int groups, string name)
    {
        if (options is not null && options.Count != groups)
        {
            throw new ArgumentException($"{options.Count} values were given for {groups} groups of parameters.", name);
        }
    }
}
