namespace QuantGen.Specification;

/// <summary>What a specification string says about how one kind of tensor is quantized; <see langword="null"/> where it says nothing.</summary>
/// <remarks>Holds values only, so that two equal strings give two equal specifications.</remarks>
internal sealed record TensorSpecification
{
    /// <summary>A string that says nothing.</summary>
    public static readonly TensorSpecification Default = new();

    /// <summary>The number of bits, 2 to 16.</summary>
    public int? Bits { get; init; }

    /// <summary>Whether values are 8-bit floats (E4M3).</summary>
    public bool Float8 { get; init; }

    /// <summary>Whether one range, one range per output channel, or one per index of <see cref="Axis"/>.</summary>
    public Granularity Granularity { get; init; }

    /// <summary>The axis of <see cref="Granularity.Axis"/>.</summary>
    public int Axis { get; init; }

    /// <summary>Whether the range has two ends and a zero-point, or is symmetric.</summary>
    public bool? Affine { get; init; }

    public bool Unsigned { get; init; }

    public bool Narrow { get; init; }

    /// <summary>How the range is found.</summary>
    public Calibrator? Calibrator { get; init; }

    /// <summary>The share of values, in percent, that <see cref="Calibrator.Percentile"/> keeps.</summary>
    public double Percentile { get; init; }

    /// <summary>Whether training moves the range.</summary>
    public bool Learned { get; init; }

    /// <summary>Whether these tensors are not quantized at all.</summary>
    public bool None { get; init; }
}

/// <summary>What shares one range.</summary>
internal enum Granularity
{
    Unsaid,
    PerTensor,
    PerChannel,
    Axis,
}

/// <summary>The searches for a range that a string can name.</summary>
internal enum Calibrator
{
    Max,
    Entropy,
    Mse,
    Percentile,
}
