namespace QuantGen;

/// <summary>A quantizer of a model with what was collected for it.</summary>
internal sealed class CollectedQuantizer(string name, TensorQuantizer quantizer, ICalibrator calibrator)
{
    /// <summary>The quantizer's name in the model.</summary>
    public string Name { get; } = name;

    /// <summary>The quantizer.</summary>
    public TensorQuantizer Quantizer { get; } = quantizer;

    /// <summary>What collects.</summary>
    public ICalibrator Calibrator { get; } = calibrator;

    /// <summary>The number of batches that reached it.</summary>
    public int Batches { get; set; }

    /// <summary>Whether a batch was left out because of NaN or infinity.</summary>
    public bool SawNotFinite { get; set; }

    /// <summary>Whether its range will be unsigned: by the descriptor, or because that is to be found out and no value was negative.</summary>
    public bool Unsigned => Quantizer.Descriptor.DetectUnsigned ? Quantizer.Descriptor.Unsigned || Calibrator.Minimum >= 0 : Quantizer.Unsigned;

    /// <summary>The method to take; a range for each channel is always the maximum.</summary>
    public CalibrationMethod MethodFor(CalibrationMethod? asked)
        => Calibrator is MaxCalibrator ? CalibrationMethod.Max : asked ?? Quantizer.Descriptor.CalibrationMethod;

    /// <summary>What is suspicious.</summary>
    /// <param name="amax">The largest amax that was found.</param>
    public IEnumerable<CalibrationWarning> Warnings(float amax)
    {
        if (SawNotFinite)
        {
            yield return CalibrationWarning.NotFinite;
        }

        if (Calibrator.HasData && Calibrator.Minimum == Calibrator.Maximum)
        {
            yield return Calibrator.Maximum == 0 ? CalibrationWarning.Zero : CalibrationWarning.Constant;
        }

        if (amax == 0 && (Calibrator.Minimum != 0 || Calibrator.Maximum != 0))
        {
            yield return CalibrationWarning.EmptyRange;
        }
    }
}
