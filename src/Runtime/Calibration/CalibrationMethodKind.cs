namespace QuantGen;

/// <summary>The searches for amax.</summary>
public enum CalibrationMethodKind
{
    /// <summary>The largest absolute value.</summary>
    Max,

    /// <summary>Smallest Kullback-Leibler divergence.</summary>
    Entropy,

    /// <summary>Smallest mean squared error.</summary>
    Mse,

    /// <summary>A percentile of absolute values.</summary>
    Percentile,
}
