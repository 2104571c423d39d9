using System.Collections.Immutable;
using System.Globalization;

namespace QuantGen.Specification;

/// <summary>Reads a specification string such as <c>"4bit per-channel mse"</c>.</summary>
internal static class SpecificationParser
{
    /// <summary>What each token answers; a string may answer each question once.</summary>
    private enum Question
    {
        Precision,
        Granularity,
        Symmetry,
        Sign,
        Range,
        Calibration,
        Learning,
        Nothing,
    }

    /// <summary>Reads a string. Where it has errors, what the other tokens say is still in the result.</summary>
    /// <param name="text">The string.</param>
    /// <param name="isPerChannelByDefault">Whether a string that does not say what shares one range means a range for each channel: that of a weight.</param>
    public static (TensorSpecification Specification, ImmutableArray<SpecificationError> Errors) Parse(string text, bool isPerChannelByDefault)
    {
        TensorSpecification specification = TensorSpecification.Default;
        ImmutableArray<SpecificationError>.Builder errors = ImmutableArray.CreateBuilder<SpecificationError>();
        List<(Question Question, string Text)> said = [];
        foreach (SpecificationToken token in SpecificationToken.Split(text))
        {
            string? error = Read(token.Text, specification, out TensorSpecification next, out Question question) ?? Contradiction(said, question, token.Text);
            if (error is not null)
            {
                errors.Add(new(token.Start, token.Text.Length, error));
                continue;
            }

            specification = next;
            said.Add((question, token.Text));
        }

        if (isPerChannelByDefault)
        {
            foreach (SpecificationToken token in SpecificationToken.Split(text).Where(token => token.Text == KnownTokens.Affine))
            {
                errors.Add(new(token.Start, token.Text.Length, "'affine' is for activations: integer kernels take weights whose range is symmetric"));
            }
        }

        if (isPerChannelByDefault && specification is { Granularity: Granularity.Unsaid, Float8: false })
        {
            foreach (SpecificationToken token in SpecificationToken.Split(text))
            {
                if (token.Text != KnownTokens.Affine && NeedsOneRange(token.Text) && said.Any(entry => entry.Text == token.Text))
                {
                    errors.Add(new(token.Start, token.Text.Length, $"'{token.Text}' finds one range for the tensor, and a weight has one for each channel; add 'per-tensor'"));
                }
            }
        }

        return (specification, errors.ToImmutable());
    }

    /// <summary>Adds what one token says, or tells what is wrong with it.</summary>
    private static string? Read(string token, TensorSpecification before, out TensorSpecification after, out Question question)
    {
        (TensorSpecification, Question)? answer = token switch
        {
            "fp8" => (before with { Float8 = true }, Question.Precision),
            "per-tensor" => (before with { Granularity = Granularity.PerTensor }, Question.Granularity),
            "per-channel" => (before with { Granularity = Granularity.PerChannel }, Question.Granularity),
            KnownTokens.Affine => (before with { Affine = true }, Question.Symmetry),
            "symmetric" => (before with { Affine = false }, Question.Symmetry),
            "unsigned" => (before with { Unsigned = true }, Question.Sign),
            "narrow" => (before with { Narrow = true }, Question.Range),
            "max" => (before with { Calibrator = Calibrator.Max }, Question.Calibration),
            "entropy" => (before with { Calibrator = Calibrator.Entropy }, Question.Calibration),
            "mse" => (before with { Calibrator = Calibrator.Mse }, Question.Calibration),
            "learned" => (before with { Learned = true }, Question.Learning),
            "none" => (before with { None = true }, Question.Nothing),
            _ => null,
        };
        if (answer is not null)
        {
            (after, question) = answer.Value;
            return null;
        }

        (after, question) = (before, Question.Nothing);
        if (token.EndsWith("bit", StringComparison.Ordinal) && IsWhole(token.Substring(0, token.Length - 3), out int bits))
        {
            (after, question) = (before with { Bits = bits }, Question.Precision);
            return bits is >= KnownTokens.FewestBits and <= KnownTokens.MostBits
                ? null
                : $"'{token}' is out of range: {KnownTokens.FewestBits}bit to {KnownTokens.MostBits}bit";
        }

        if (token.StartsWith("axis=", StringComparison.Ordinal))
        {
            question = Question.Granularity;
            if (!IsWhole(token.Substring(5), out int axis))
            {
                return $"'{token}' needs a whole number that is not negative, such as 'axis=0'";
            }

            after = before with { Granularity = Granularity.Axis, Axis = axis };
            return null;
        }

        if (token.StartsWith("percentile=", StringComparison.Ordinal))
        {
            question = Question.Calibration;
            if (!double.TryParse(token.Substring(11), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percentile)
                || percentile is not (> 0 and <= 100))
            {
                return $"'{token}' needs a number above 0 and up to 100, such as 'percentile=99.99'";
            }

            after = before with { Calibrator = Calibrator.Percentile, Percentile = percentile };
            return null;
        }

        return KnownTokens.Closest(token) is { } meant
            ? $"'{token}' is not known; did you mean '{meant}'?"
            : $"'{token}' is not known; the known tokens are {KnownTokens.List}";
    }

    private static string? Contradiction(List<(Question Question, string Text)> said, Question question, string token)
    {
        foreach ((Question earlier, string text) in said)
        {
            if (text == token)
            {
                return $"'{token}' is said twice";
            }

            if (earlier == question || earlier == Question.Nothing || question == Question.Nothing || IsFloatAgainstInteger(text, token) || IsFloatAgainstInteger(token, text)
                || IsOneRangeAgainstMany(text, token) || IsOneRangeAgainstMany(token, text)
                || IsAffineAgainstSymmetric(text, token) || IsAffineAgainstSymmetric(token, text))
            {
                return $"'{token}' contradicts '{text}'";
            }
        }

        return null;
    }

    /// <summary>An E4M3 value has its own sign and range, and one scale for the tensor.</summary>
    private static bool IsFloatAgainstInteger(string token, string other)
        => token == "fp8" && (other is "affine" or "unsigned" or "narrow" or "per-channel" || other.StartsWith("axis=", StringComparison.Ordinal));

    /// <summary>An affine range begins at zero by itself where no value is negative, and a narrow one is symmetric.</summary>
    private static bool IsAffineAgainstSymmetric(string token, string other) => token == KnownTokens.Affine && other is "unsigned" or "narrow";

    /// <summary>A histogram, and a range that is learned, are those of the whole tensor; of each channel only the maximum is found.</summary>
    private static bool IsOneRangeAgainstMany(string token, string other)
        => NeedsOneRange(token) && (other == "per-channel" || other.StartsWith("axis=", StringComparison.Ordinal));

    private static bool NeedsOneRange(string token)
        => token is KnownTokens.Affine or "entropy" or "mse" or "learned" || token.StartsWith("percentile=", StringComparison.Ordinal);

    private static bool IsWhole(string text, out int value)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
