namespace QuantGen;

/// <summary>Where the gradient of a learned range comes from.</summary>
public enum RangeGradient
{
    /// <summary>
    /// From the values that a bound clips, as in pytorch-quantization (PACT, Choi et al., arXiv:1805.06085). A bound that clips nothing has no gradient, and
    /// the larger bound decides the step: a range that starts at the largest value hardly shrinks.
    /// </summary>
    Clipped,

    /// <summary>
    /// From every value: how its rounding error changes with the step, and what is clipped (learned step size quantization, Esser et al., arXiv:1902.08153;
    /// with two bounds as in LSQ+, Bhalgat et al., arXiv:2004.09576). The gradient is scaled as there, so that the rate of the weights suits the ranges.
    /// </summary>
    Step,
}
