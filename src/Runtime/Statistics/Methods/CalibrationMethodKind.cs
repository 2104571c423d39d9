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

    /// <summary>Best signal-to-quantization-noise ratio.</summary>
    Sqnr,

    /// <summary>A moving average of each batch's largest absolute value.</summary>
    MovingAverageMax,
}
