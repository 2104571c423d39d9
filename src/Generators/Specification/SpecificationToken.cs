using System.Collections.Immutable;

namespace QuantGen.Specification;

/// <summary>A word of a specification string and where it stands in it.</summary>
internal readonly record struct SpecificationToken(string Text, int Start)
{
    /// <summary>Splits at spaces and commas.</summary>
    public static ImmutableArray<SpecificationToken> Split(string specification)
    {
        ImmutableArray<SpecificationToken>.Builder tokens = ImmutableArray.CreateBuilder<SpecificationToken>();
        int start = 0;
        for (int i = 0; i <= specification.Length; i++)
        {
            if (i < specification.Length && specification[i] != ',' && !char.IsWhiteSpace(specification[i]))
            {
                continue;
            }

            if (i > start)
            {
                tokens.Add(new(specification.Substring(start, i - start), start));
            }

            start = i + 1;
        }

        return tokens.ToImmutable();
    }
}
