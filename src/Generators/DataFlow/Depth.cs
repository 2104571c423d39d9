namespace QuantGen.Generators.DataFlow;

/// <summary>How many weighted layers lie between a value and the method's inputs.</summary>
/// <param name="FromInput">Whether it comes from an input at all; a parameter, a buffer or a constant does not.</param>
/// <param name="Least">On the path, through branches such as a conditional shortcut, that has the fewest.</param>
/// <param name="Most">On the path that has the most.</param>
internal readonly record struct Depth(bool FromInput, int Least, int Most)
{
    /// <summary>Deeper than this, one value is as far as another.</summary>
    public const int Deepest = 1_000;

    public static readonly Depth Constant;
    public static readonly Depth Input = new(true, 0, 0);

    /// <summary>A value computed from both, such as a sum.</summary>
    public static Depth Of(Depth a, Depth b)
        => !a.FromInput ? b : !b.FromInput ? a : new(true, Math.Max(a.Least, b.Least), Math.Max(a.Most, b.Most));

    /// <summary>A value that is one or the other, depending on a branch.</summary>
    public static Depth Either(Depth a, Depth b)
        => !a.FromInput ? b : !b.FromInput ? a : new(true, Math.Min(a.Least, b.Least), Math.Max(a.Most, b.Most));

    /// <summary>The value after weighted layers.</summary>
    public Depth Through(int layers) => FromInput ? new(true, Math.Min(Least + layers, Deepest), Math.Min(Most + layers, Deepest)) : this;

    /// <summary>Whether this operand of an addition is nearer to the input than the other, and so the residual one.</summary>
    public bool IsNearerThan(Depth other) => Least != other.Least ? Least < other.Least : Most < other.Most;
}
