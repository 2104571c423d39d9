namespace QuantGen;

/// <summary>How the amax of a quantizer is found from what calibration collected. Compares by value.</summary>
/// <example><c>CalibrationMethod.Entropy with { Stride = 4 }</c></example>
public sealed partial record CalibrationMethod
{
    private CalibrationMethod(CalibrationMethodKind kind) => Kind = kind;

    /// <summary>The largest absolute value.</summary>
    public static CalibrationMethod Max { get; } = new(CalibrationMethodKind.Max);

    /// <summary>The amax whose quantized distribution has the smallest Kullback-Leibler divergence from the original one.</summary>
    public static CalibrationMethod Entropy { get; } = new(CalibrationMethodKind.Entropy);

    /// <summary>The amax with the smallest mean squared quantization error.</summary>
    public static CalibrationMethod Mse { get; } = new(CalibrationMethodKind.Mse);

    /// <summary>
    /// The amax with the best ratio of signal to quantization noise; see <see cref="AmaxSearch.Sqnr"/> for how it differs from <see cref="Mse"/>.
    /// </summary>
    public static CalibrationMethod Sqnr { get; } = new(CalibrationMethodKind.Sqnr);

    /// <summary>Which search this is.</summary>
    public CalibrationMethodKind Kind { get; }

    /// <summary>The percentage of values to keep inside the range, for <see cref="CalibrationMethodKind.Percentile"/>.</summary>
    public double Percentage { get; private init; } = 100;

    /// <summary>The weight of a new batch, for <see cref="CalibrationMethodKind.MovingAverageMax"/>.</summary>
    public double AveragingConstant { get; private init; } = 1;

    /// <summary>The distance between the candidates of the entropy and mse searches, in bins.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Stride
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The stride must be at least 1.");
    } = 1;

    /// <summary>The first candidate of the entropy and mse searches, in bins.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int StartBin
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The first candidate cannot be negative.");
    } = AmaxSearch.DefaultStartBin;

    /// <summary>The amax that leaves the given percentage of absolute values inside the range.</summary>
    /// <param name="percentage">From 0 to 100.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="percentage"/> is not in the range.</exception>
    public static CalibrationMethod Percentile(double percentage = 99.99)
    {
        if (!(percentage >= 0 && percentage <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percentage), percentage, "A percentile must be from 0 to 100.");
        }

        return new(CalibrationMethodKind.Percentile) { Percentage = percentage };
    }

    /// <summary>
    /// The moving average of each batch's largest absolute value, which follows the later batches: average += constant · (batch - average).
    /// It depends on the order of the batches, so that statistics that were merged do not have it.
    /// </summary>
    /// <param name="averagingConstant">The weight of a new batch, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="averagingConstant"/> is not in the range.</exception>
    public static CalibrationMethod MovingAverageMax(double averagingConstant = 0.01)
    {
        if (!(averagingConstant > 0 && averagingConstant <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(averagingConstant), averagingConstant, "The weight of a new batch must be above 0 and at most 1.");
        }

        return new(CalibrationMethodKind.MovingAverageMax) { AveragingConstant = averagingConstant };
    }
}
