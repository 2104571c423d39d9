using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects the largest absolute value, of the whole tensor or for each index of some axes.</summary>
/// <param name="axis">The axes that have a range each; null for one range.</param>
/// <param name="trackAmax">Whether to keep the amax of each input as well, as <see cref="BatchAmax"/>.</param>
public sealed class MaxCalibrator(QuantAxes? axis = null, bool trackAmax = false) : ICalibrator, IUndoable, IDisposable
{
    private readonly List<Tensor> _batchAmax = [];
    private Tensor? _amax;
    private Tensor? _remembered;

    /// <inheritdoc/>
    public bool HasData => _amax is not null;

    /// <inheritdoc/>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>The amax of each input by itself, in order; empty unless they are tracked. The calibrator owns them.</summary>
    public IReadOnlyList<Tensor> BatchAmax => _batchAmax;

    /// <summary>The axes that have a range each; null for one range.</summary>
    internal QuantAxes? Axis => axis;

    /// <summary>The number of inputs collected.</summary>
    internal long Inputs { get; private set; }

    /// <inheritdoc/>
    public void Collect(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.numel() == 0)
        {
            return;
        }

        using var scope = NewDisposeScope();
        (Tensor min, Tensor max) = AxisRange.Of(input.detach(), axis);
        (double least, double greatest) = (Number(min.min()), Number(max.max()));
        HistogramInput.RequireFinite(double.IsFinite(least) && double.IsFinite(greatest));
        Tensor amax = max.abs().maximum(min.abs());
        Include(amax, least, greatest);
        Inputs++;
        if (trackAmax)
        {
            _batchAmax.Add(amax.clone().DetachFromDisposeScope());
        }
    }

    /// <summary>Takes the amax of further values into account.</summary>
    internal void Include(Tensor amax, double minimum, double maximum)
    {
        if (_amax is not null && !amax.shape.AsSpan().SequenceEqual(_amax.shape))
        {
            throw new ArgumentException(
                $"An input gives an amax of shape [{string.Join(", ", amax.shape)}], an earlier one [{string.Join(", ", _amax.shape)}].", nameof(amax));
        }

        Tensor larger = (_amax is null ? amax.clone() : _amax.maximum(amax)).DetachFromDisposeScope();
        _amax?.Dispose();
        (_amax, Minimum, Maximum) = (larger, Math.Min(Minimum, minimum), Math.Max(Maximum, maximum));
    }

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Kind switch
        {
            CalibrationMethodKind.Max => _amax?.clone(),
            CalibrationMethodKind.MovingAverageMax when trackAmax => _amax is null ? null : Average(method.AveragingConstant),
            CalibrationMethodKind.MovingAverageMax => throw new ArgumentException("A moving average needs the amax of each input. Create the calibrator with trackAmax.", nameof(method)),
            _ => throw new ArgumentException($"A max calibrator keeps no histogram, which the method '{method}' needs.", nameof(method)),
        };
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _amax?.Dispose();
        _remembered?.Dispose();
        (_amax, _remembered, Minimum, Maximum) = (null, null, double.PositiveInfinity, double.NegativeInfinity);
        Forget(0);
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    /// <summary>As the reference prints it.</summary>
    public override string ToString() => $"MaxCalibrator(track_amax={trackAmax})";

    Action IUndoable.Remember()
    {
        _remembered?.Dispose();
        _remembered = _amax?.clone().DetachFromDisposeScope();
        (double minimum, double maximum, int batches) = (Minimum, Maximum, _batchAmax.Count);
        return () =>
        {
            _amax?.Dispose();
            (_amax, _remembered, Minimum, Maximum) = (_remembered, null, minimum, maximum);
            Forget(batches);
        };
    }

    private static double Number(Tensor scalar) => scalar.to(ScalarType.Float64).item<double>();

    private Tensor Average(double constant)
    {
        using var scope = NewDisposeScope();
        Tensor average = _batchAmax[0].clone();
        foreach (Tensor amax in _batchAmax.Skip(1))
        {
            average = average + ((amax - average) * constant);
        }

        return average.MoveToOuterDisposeScope();
    }

    private void Forget(int kept)
    {
        _batchAmax.Skip(kept).ToList().ForEach(amax => amax.Dispose());
        _batchAmax.RemoveRange(kept, _batchAmax.Count - kept);
    }
}
