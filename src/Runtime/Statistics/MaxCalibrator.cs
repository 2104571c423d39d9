using QuantGen.Numerics.Formats;
using QuantGen.Statistics;
using QuantGen.Statistics.Histograms;
using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects the largest absolute value, of the whole tensor or for each index of some axes.</summary>
/// <param name="axis">The axes that have a range each; null for one range.</param>
/// <param name="trackAmax">Whether to keep the amax of each batch as well, as <see cref="BatchAmax"/>.</param>
public sealed class MaxCalibrator(QuantAxes? axis = null, bool trackAmax = false) : ICalibrator, IDisposable
{
    private readonly List<Tensor> _batchAmax = [];
    private Tensor? _amax;
    private Tensor? _amaxOfBatch;
    private (Tensor? Amax, double Minimum, double Maximum)? _beforeBatch;

    /// <inheritdoc/>
    public bool HasData => _amax is not null;

    /// <inheritdoc/>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>The amax of each batch by itself, in order; empty unless they are tracked. The calibrator owns them.</summary>
    public IReadOnlyList<Tensor> BatchAmax => _batchAmax;

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
        if (!trackAmax)
        {
            return;
        }

        if (_beforeBatch is null)
        {
            _batchAmax.Add(amax.clone().DetachFromDisposeScope());
        }
        else
        {
            Replace(ref _amaxOfBatch, _amaxOfBatch is null ? amax.clone() : _amaxOfBatch.maximum(amax));
        }
    }

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return method.Kind switch
        {
            CalibrationMethodKind.Max => _amax?.clone(),
            CalibrationMethodKind.MovingAverageMax when trackAmax => _amax is null ? null : Average(method.AveragingConstant),
            CalibrationMethodKind.MovingAverageMax
                => throw new ArgumentException("A moving average needs the amax of each batch. Create the calibrator with trackAmax.", nameof(method)),
            _ => throw new ArgumentException($"A max calibrator keeps no histogram, which the method '{method}' needs.", nameof(method)),
        };
    }

    /// <inheritdoc/>
    public void BeginBatch()
    {
        _beforeBatch?.Amax?.Dispose();
        _beforeBatch = (_amax?.clone().DetachFromDisposeScope(), Minimum, Maximum);
    }

    /// <inheritdoc/>
    public void EndBatch(bool keep)
    {
        if (_beforeBatch is not { } before)
        {
            return;
        }

        if (!keep)
        {
            _amax?.Dispose();
            (_amax, Minimum, Maximum) = before;
        }
        else
        {
            before.Amax?.Dispose();
            if (_amaxOfBatch is not null)
            {
                _batchAmax.Add(_amaxOfBatch);
                _amaxOfBatch = null;
            }
        }

        _amaxOfBatch?.Dispose();
        (_beforeBatch, _amaxOfBatch) = (null, null);
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _amax?.Dispose();
        _amaxOfBatch?.Dispose();
        _beforeBatch?.Amax?.Dispose();
        _batchAmax.ForEach(amax => amax.Dispose());
        _batchAmax.Clear();
        (_amax, _amaxOfBatch, _beforeBatch) = (null, null, null);
        (Minimum, Maximum) = (double.PositiveInfinity, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

    /// <summary>As the reference prints it.</summary>
    public override string ToString() => $"MaxCalibrator(track_amax={trackAmax})";

    TensorStatistics ICalibrator.Snapshot(long batches)
    {
        if (axis is null)
        {
            // One range for the tensor, where other methods may be asked for: a copy answers for itself, and stays as it is when this one goes on.
            MaxCalibrator copy = new(axis, trackAmax) { Minimum = Minimum, Maximum = Maximum, _amax = _amax?.clone().DetachFromDisposeScope() };
            copy._batchAmax.AddRange(_batchAmax.Select(amax => amax.clone().DetachFromDisposeScope()));
            return new OwnStatistics(batches, copy);
        }

        return new AxisStatistics(batches, _amax is null ? null : AmaxValue.Of(_amax), Minimum, Maximum);
    }

    private void Include(Tensor amax, double minimum, double maximum)
    {
        if (_amax is not null && !amax.shape.AsSpan().SequenceEqual(_amax.shape))
        {
            throw new ArgumentException(
                $"An input gives an amax of shape [{string.Join(", ", amax.shape)}], an earlier one [{string.Join(", ", _amax.shape)}].", nameof(amax));
        }

        Replace(ref _amax, _amax is null ? amax.clone() : _amax.maximum(amax));
        (Minimum, Maximum) = (Math.Min(Minimum, minimum), Math.Max(Maximum, maximum));
    }

    private static void Replace(ref Tensor? held, Tensor value)
    {
        value.DetachFromDisposeScope();
        held?.Dispose();
        held = value;
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
}
