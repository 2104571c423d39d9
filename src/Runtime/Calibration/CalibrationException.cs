namespace QuantGen;

/// <summary>A batch that brought a quantizer NaN or infinity, or a shape that does not fit. The model is as it was before calibration.</summary>
public sealed class CalibrationException : InvalidOperationException
{
    internal CalibrationException(string quantizer, int batch, CalibrationState statistics, Exception cause)
        : base($"Calibration stopped at batch {batch}, quantizer '{quantizer}': {cause.Message}", cause)
        => (Quantizer, Batch, Statistics) = (quantizer, batch, statistics);

    /// <summary>The name of the quantizer.</summary>
    public string Quantizer { get; }

    /// <summary>The number of the batch, from 1.</summary>
    public int Batch { get; }

    /// <summary>What the batches before it gave. It can be applied all the same.</summary>
    public CalibrationState Statistics { get; }
}
