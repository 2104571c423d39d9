using QuantGen.Numerics.Formats;
using QuantGen.Quantizers;
using QuantGen.Statistics;
using static TorchSharp.torch;

namespace QuantGen.Calibrating;

/// <summary>A quantizer on the way from its statistics to its range.</summary>
/// <param name="name">The quantizer's name in the model.</param>
/// <param name="quantizer">The quantizer.</param>
/// <param name="statistics">Its statistics, not empty.</param>
internal sealed class QuantizerRange(string name, TensorQuantizer quantizer, TensorStatistics statistics)
{
    private CalibrationMethod _method = CalibrationMethod.Max;
    private RangeValue? _range;

    /// <summary>The quantizer's name in the model.</summary>
    public string Name { get; } = name;

    /// <summary>The quantizer.</summary>
    public TensorQuantizer Quantizer { get; } = quantizer;

    /// <summary>Its statistics.</summary>
    public TensorStatistics Statistics { get; } = statistics;

    private QuantFormat Format => Quantizer.FormatFrom(Statistics.Minimum);

    /// <summary>Asks for the range; changes nothing.</summary>
    /// <exception cref="ArgumentException">The statistics do not go with the quantizer, or with the method.</exception>
    public void Find(CalibrationMethod? asked)
    {
        if (!Statistics.Fits(Quantizer.Axis))
        {
            throw new ArgumentException("it has one range on one side and one for each channel on the other. Are the descriptors the same?");
        }

        _method = Statistics.Answering(asked ?? Quantizer.Descriptor.CalibrationMethod);
        _range = Statistics.FindRange(_method, Format) ?? throw new ArgumentException("its calibrator says that it has data, but finds no range in it.");
        using var scope = NewDisposeScope();
        Tensor amax = _range.Amax.ToTensor();
        string? wrong = _range.Amin is { } amin
            ? RangeChecks.Problem(full_like(amax, amin), amax, Quantizer.ElementType)
            : RangeChecks.Problem(amax, Quantizer.ElementType);
        if (wrong is { } problem)
        {
            throw new ArgumentException(problem);
        }

        if (Quantizer.Amax is { } present && _range.Amax.Shape.Length > 0 && !present.shape.AsSpan().SequenceEqual(_range.Amax.Shape))
        {
            throw new ArgumentException(
                $"it has an amax of shape [{string.Join(", ", present.shape)}], but [{string.Join(", ", _range.Amax.Shape.ToArray())}] was collected. Call ResetAmax first.");
        }
    }

    /// <summary>What the report says.</summary>
    /// <param name="compare">Further methods; those that the statistics cannot answer are left out.</param>
    public QuantizerCalibration Row(IEnumerable<CalibrationMethod> compare) => new()
    {
        Name = Name,
        Applied = Judge(_method, _range!),
        Unsigned = Format.Unsigned,
        Compared = [.. compare.Where(method => Statistics.CanAnswer(method, Format)).Select(method => Judge(method, Statistics.FindRange(method, Format)!))],
        Batches = checked((int)Statistics.Batches),
        Warnings = [.. Warnings()],
    };

    /// <summary>Gives the quantizer the range.</summary>
    public void Take() => Quantizer.TakeRange(_range!, Format.Unsigned);

    // In the range as the quantizer will use it: a factor of its descriptor makes it smaller or larger.
    private MethodOutcome Judge(CalibrationMethod method, RangeValue range)
        => Statistics.Judge(method, InUse(range), Format) with { Amax = range.Largest, Amin = range.Amin };

    private RangeValue InUse(RangeValue range) => Quantizer.Descriptor.ScaleAmax is { } factor ? range.Times(Math.Abs(factor)) : range;

    private IEnumerable<CalibrationWarning> Warnings()
    {
        if (Statistics.SawNotFinite)
        {
            yield return CalibrationWarning.NotFinite;
        }

        if (Statistics.Minimum == Statistics.Maximum)
        {
            yield return Statistics.Maximum == 0 ? CalibrationWarning.Zero : CalibrationWarning.Constant;
        }
        else if (_range!.IsEmpty)
        {
            yield return CalibrationWarning.EmptyRange;
        }
        else if (Statistics.IsLostIn(InUse(_range!), Format))
        {
            yield return CalibrationWarning.LostResolution;
        }
    }
}
