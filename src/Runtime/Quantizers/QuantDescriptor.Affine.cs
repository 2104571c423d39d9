namespace QuantGen;

/// <content>What an affine range goes with.</content>
public sealed partial record QuantDescriptor
{
    // What integers of float32 arithmetic hold exactly, with room for rounding.
    private const int MostAffineBits = 16;

    /// <summary>Stops at an affine range that something else of the descriptor contradicts.</summary>
    /// <exception cref="ArgumentException">It is contradicted.</exception>
    internal void RequireConsistentAffine()
    {
        if (AffineProblem() is { } problem)
        {
            throw new ArgumentException(problem);
        }
    }

    private string? AffineProblem()
    {
        if (!Affine)
        {
            return Amin is null ? null : "Amin is the lower end of an affine range; the descriptor does not say Affine.";
        }

        return NumBits.IsE4M3 ? "An affine range has integers and a zero-point, which E4M3 does not have: leave out Affine, or give a number of bits."
            : NumBits.Bits > MostAffineBits ? $"An affine range has up to {MostAffineBits} bits, not {NumBits.Bits}."
            : Unsigned || DetectUnsigned ? "An affine range begins at zero by itself where no value is negative: leave out Unsigned and DetectUnsigned, or Affine."
            : NarrowRange ? "A narrow range is symmetric, and an affine one is not: leave out NarrowRange or Affine."
            : Axis is not null ? $"An affine range is one for the whole tensor, but the descriptor's axis is {Axis}: leave out Axis or Affine."
            : !FakeQuant ? "Integers of an affine range mean nothing without their zero-point, which a quantizer does not return: leave out FakeQuant = false, or Affine."
            : LearnAmax && ScaleAmax is not null ? "The ends of an affine range that is learned find their own place: leave out ScaleAmax, or LearnAmax."
            : FixedProblem();
    }

    private string? FixedProblem() => (Amin, Amax) switch
    {
        (null, null) => null,
        (null, _) or (_, null) => "A fixed affine range has two ends: give both Amin and Amax, or neither.",
        ({ } amin, _) when !(amin <= 0 && float.IsFinite(amin)) => $"Amin is the lower end of a range that holds zero, finite and not above zero, but is {amin}.",
        (_, { Values.Length: not 1 }) => "A fixed affine range is one for the whole tensor; the descriptor's Amax is an array.",
        _ => null,
    };
}
