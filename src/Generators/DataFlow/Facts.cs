using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.DataFlow;

/// <summary>What data flow knows of a value.</summary>
/// <param name="Depth">How far it is from the method's inputs.</param>
/// <param name="IsStored">Whether a tensor that the model holds, such as a parameter, is part of it.</param>
/// <param name="IsNonNegative">Whether it is proven not to be negative.</param>
/// <param name="IsQuantized">Whether it comes from something whose quantized form gives integers.</param>
/// <param name="WantsQuantizer">Whether a quantizer of it lets the operation that gives it, such as a convolution, give integers.</param>
/// <param name="Source">The operation that computed it, by which several readers of one tensor are known; <see langword="null"/> where it may be several.</param>
internal readonly record struct Facts(Depth Depth, bool IsStored = false, bool IsNonNegative = false, bool IsQuantized = false, bool WantsQuantizer = false, IOperation? Source = null)
{
    public static readonly Facts None;
    public static readonly Facts Input = new(Depth.Input);
    public static readonly Facts Stored = new(Depth.Constant, IsStored: true);

    public bool FromInput => Depth.FromInput;

    /// <summary>A value computed from both; of its sign nothing is known.</summary>
    public static Facts Of(Facts a, Facts b) => new(Depth.Of(a.Depth, b.Depth), a.IsStored || b.IsStored);

    /// <summary>A value that is one or the other, depending on a branch.</summary>
    public static Facts Either(Facts a, Facts b)
        => new(
            Depth.Either(a.Depth, b.Depth),
            a.IsStored || b.IsStored,
            a.IsNonNegative && b.IsNonNegative,
            a.IsQuantized && b.IsQuantized,
            a.WantsQuantizer && b.WantsQuantizer,
            a.Source == b.Source ? a.Source : null);

    /// <summary>The value after weighted layers.</summary>
    public Facts Through(int layers) => this with { Depth = Depth.Through(layers) };
}
