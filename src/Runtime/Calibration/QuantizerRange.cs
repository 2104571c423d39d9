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
    private AmaxValue? _amax;

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
        _amax = Statistics.FindAmax(_method, Format) ?? throw new ArgumentException("its calibrator says that it has data, but finds no range in it.");
        using var scope = NewDisposeScope();
        if (RangeChecks.Problem(_amax.ToTensor(), Quantizer.ElementType) is { } problem)
        {
            throw new ArgumentException(problem);
        }

        if (Quantizer.Amax is { } present && _amax.Shape.Length > 0 && !present.shape.AsSpan().SequenceEqual(_amax.Shape))
        {
            throw new ArgumentException(
                $"it has an amax of shape [{string.Join(", ", present.shape)}], but [{string.Join(", ", _amax.Shape.ToArray())}] was collected. Call ResetAmax first.");
        }
    }

    /// <summary>What the report says.</summary>
    /// <param name="compare">Further methods; those that the statistics cannot answer are left out.</param>
    public QuantizerCalibration Row(IEnumerable<CalibrationMethod> compare) => new()
    {
        Name = Name,
        Applied = Judge(_method, _amax!),
        Unsigned = Format.Unsigned,
        Compared = [.. compare.Where(method => Statistics.CanAnswer(method, Format)).Select(method => Judge(method, Statistics.FindAmax(method, Format)!))],
        Batches = checked((int)Statistics.Batches),
        Warnings = [.. Warnings()],
    };

    /// <summary>Gives the quantizer the range.</summary>
    public void Take()
    {
        using var scope = NewDisposeScope();
        Tensor amax = _amax!.ToTensor();

        // In the shape that the quantizer has already, where it has one; a scalar fills it.
        Quantizer.TakeRange(Quantizer.Amax is { } present && amax.ndim == 0 ? amax.expand(present.shape) : amax, Format.Unsigned);
    }

    // In the range as the quantizer will use it: a factor of its descriptor makes it smaller or larger.
    private MethodOutcome Judge(CalibrationMethod method, AmaxValue amax)
        => Statistics.Judge(method, InUse(amax), Format) with { Amax = Largest(amax) };

    private AmaxValue InUse(AmaxValue amax) => Quantizer.Descriptor.ScaleAmax is { } factor
        ? new([.. amax.Values.ToArray().Select(value => (float)(value * Math.Abs(factor)))], amax.Shape)
        : amax;

    private static float Largest(AmaxValue amax) => amax.Values.ToArray().DefaultIfEmpty().Max();

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
        else if (Largest(_amax!) == 0)
        {
            yield return CalibrationWarning.EmptyRange;
        }
        else if (Statistics.IsLostIn(InUse(_amax!), Format))
        {
            yield return CalibrationWarning.LostResolution;
        }
    }
}
