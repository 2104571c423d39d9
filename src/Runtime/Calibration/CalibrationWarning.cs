namespace QuantGen;

/// <summary>What is suspicious about the statistics of a quantizer.</summary>
public enum CalibrationWarning
{
    /// <summary>No batch reached it, and it has no range. An export that reaches it stops.</summary>
    NeverReached,

    /// <summary>It saw one and the same value only.</summary>
    Constant,

    /// <summary>It saw zeros only; its amax is 0, and everything becomes 0.</summary>
    Zero,

    /// <summary>Its amax is 0 although it saw other values: everything becomes 0. A percentile of 0.9999 where 99.99 was meant does this.</summary>
    EmptyRange,

    /// <summary>
    /// Its range is so much larger than most values that nearly all of them become 0: an outlier, such as an attention mask of -10000, or one bad sample,
    /// decides it.
    /// A percentile leaves the outlier out.
    /// </summary>
    LostResolution,

    /// <summary>A batch that calibration stopped at brought it NaN or infinity; that batch is not in the statistics.</summary>
    NotFinite,
}
