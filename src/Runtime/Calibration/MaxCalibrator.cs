using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Collects the largest absolute value, of the whole tensor or for each index of some axes.</summary>
/// <param name="axis">The axes that have a range each; null for one range.</param>
public sealed class MaxCalibrator(QuantAxes? axis = null) : ICalibrator, IDisposable
{
    private Tensor? _amax;

    /// <inheritdoc/>
    public bool HasData => _amax is not null;

    /// <inheritdoc/>
    public double Minimum { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc/>
    public void Collect(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        Tensor amax = ReduceAmax.Apply(input, axis?.Others(input.ndim));
        if (!amax.isfinite().all().item<bool>())
        {
            throw new ArgumentException("The input holds NaN or infinity.", nameof(input));
        }

        if (_amax is null)
        {
            _amax = amax.DetachFromDisposeScope();
        }
        else
        {
            if (!amax.shape.AsSpan().SequenceEqual(_amax.shape))
            {
                throw new ArgumentException(
                    $"An input gives an amax of shape [{string.Join(", ", amax.shape)}], an earlier one [{string.Join(", ", _amax.shape)}].", nameof(input));
            }

            _amax.copy_(_amax.maximum(amax));
        }

        Minimum = Math.Min(Minimum, input.detach().min().to(ScalarType.Float64).item<double>());
    }

    /// <inheritdoc/>
    public Tensor? ComputeAmax(CalibrationMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Kind != CalibrationMethodKind.Max)
        {
            throw new ArgumentException($"A max calibrator keeps no histogram, which the method '{method}' needs.", nameof(method));
        }

        return _amax?.clone();
    }

    /// <inheritdoc/>
    public void Reset()
    {
        _amax?.Dispose();
        _amax = null;
        Minimum = double.PositiveInfinity;
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();
}
