using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using QuantGen.Generators.Mappings;

namespace QuantGen.Generators.DataFlow;

/// <summary>
/// Tensors that are taken for a mask or a bias by their names: <c>attentionMask</c>, <c>attn_mask</c>, <c>position_bias</c>, but not <c>unbiased</c>.
/// </summary>
/// <remarks>They are not the data that a residual connection carries, and quantizing a mask of infinities would ruin it.</remarks>
internal static class MaskNames
{
    private static readonly Regex s_words = new("[A-Z]?[a-z]+|[A-Z]+(?![a-z])", RegexOptions.CultureInvariant);

    /// <summary>Whether a parameter or a member is a mask: one of the words in its name says so.</summary>
    public static bool IsMask(string name) => s_words.Matches(name).Cast<Match>().Any(word => IsMaskWord(word.Value));

    /// <summary>Whether a local is a mask: the last word in its name says so, since <c>maskedScores</c> are none.</summary>
    public static bool IsMaskLocal(string name) => s_words.Matches(name).Cast<Match>().LastOrDefault() is { } last && IsMaskWord(last.Value);

    /// <summary>Whether an operand is a parameter, a local or a member of the model that is taken for a mask.</summary>
    public static bool IsMask(IOperation operand, KnownSymbols known) => operand switch
    {
        IConversionOperation conversion => IsMask(conversion.Operand, known),
        IParameterReferenceOperation { Parameter: { IsOptional: false } parameter } => known.IsTensor(parameter.Type) && IsMask(parameter.Name),
        ILocalReferenceOperation { Local: var local } => known.IsTensor(local.Type) && IsMaskLocal(local.Name),
        _ => false,
    };

    private static bool IsMaskWord(string word)
    {
        word = word.ToLowerInvariant().TrimEnd('s');
        return word.EndsWith("mask", StringComparison.Ordinal) || word is "bia" or "biase" || word.EndsWith("bia", StringComparison.Ordinal);
    }
}
