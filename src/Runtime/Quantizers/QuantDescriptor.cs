namespace QuantGen;

/// <summary>How a tensor is quantized. Immutable, so that many quantizers can share one; compares by value.</summary>
public sealed partial record QuantDescriptor
{
    /// <summary>The number of bits, or <see cref="NumBits.E4M3"/>.</summary>
    public NumBits NumBits { get; init; } = 8;

    /// <summary>A name, for messages.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the result is floating point on the quantized grid (fake quantization), or integers.</summary>
    public bool FakeQuant { get; init; } = true;

    /// <summary>The axes that have a range each; null for one range for the whole tensor.</summary>
    public QuantAxes? Axis { get; init; }

    /// <summary>A fixed amax; null to calibrate it, or to compute it from each input. For an affine range, its upper end.</summary>
    public AmaxValue? Amax { get; init; }

    /// <summary>The lower end of a fixed affine range, not above zero; together with <see cref="Amax"/>.</summary>
    public float? Amin { get; init; }

    /// <summary>
    /// Whether training learns amax. Its bounds take the gradient of the values that they clip, as in pytorch-quantization (PACT, Choi et al.,
    /// arXiv:1805.06085):
    /// a bound that clips nothing has none, so that a range which starts at the largest value hardly shrinks. See <see cref="LearnStep"/>.
    /// </summary>
    public bool LearnAmax { get; init; }

    /// <summary>
    /// Whether a learned amax takes its gradient from every value: how the rounding error changes with the step, and what is clipped (learned step size
    /// quantization, Esser et al., arXiv:1902.08153; with two bounds as in LSQ+, Bhalgat et al., arXiv:2004.09576). What <c>learned</c> in a specification
    /// means.
    /// Without effect where amax is not learned.
    /// </summary>
    public bool LearnStep { get; init; }

    /// <summary>A factor for amax, applied whenever it is used.</summary>
    public double? ScaleAmax { get; init; }

    /// <summary>What calibration collects, and how it finds amax.</summary>
    public CalibrationMethod CalibrationMethod { get; init; } = CalibrationMethod.Max;

    /// <summary>Whether the range is 0 to 2ⁿ-1, for values that are never negative.</summary>
    public bool Unsigned { get; init; }

    /// <summary>Whether a signed range leaves out its lowest integer and is symmetric.</summary>
    public bool NarrowRange { get; init; }

    /// <summary>
    /// Whether calibration makes the range unsigned when it sees no negative value, which gives such values one bit more.
    /// Negative values that come later are clipped to 0.
    /// </summary>
    public bool DetectUnsigned { get; init; }

    /// <summary>
    /// Whether the range has two ends that need not be symmetric, with 2ⁿ - 1 steps between them and a zero-point, so that zero is always exactly on the grid:
    /// for activations whose values lie mostly on one side of zero. Calibration, learning and dynamic ranges find both ends. Values are those of ONNX's
    /// QuantizeLinear and DequantizeLinear, to the bit.
    /// </summary>
    public bool Affine { get; init; }

    /// <summary>Whether quantizers of this descriptor start disabled, and let everything pass.</summary>
    public bool IsNone { get; init; }

    /// <summary>A calibrator that collects what <see cref="CalibrationMethod"/> needs.</summary>
    /// <exception cref="ArgumentException">The descriptor contradicts itself.</exception>
    internal ICalibrator CreateCalibrator()
    {
        if (LearnAmax && Axis is not null)
        {
            throw new ArgumentException($"A learned amax is one number, so the descriptor cannot have axis {Axis}. Leave out Axis or LearnAmax.");
        }

        if (CalibrationMethod.Kind == CalibrationMethodKind.Max)
        {
            return new MaxCalibrator(Axis);
        }

        return Axis is null
            ? new HistogramCalibrator(NumBits) { Unsigned = Unsigned }
            : throw new ArgumentException($"A histogram has one range for the whole tensor, but the descriptor's axis is {Axis}. Use the method max.");
    }
}
