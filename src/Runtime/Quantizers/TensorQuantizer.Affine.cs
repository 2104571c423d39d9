using QuantGen.Numerics.Formats;
using QuantGen.Quantizers;
using static TorchSharp.torch;

namespace QuantGen;

/// <content>The two ends of an affine range.</content>
public sealed partial class TensorQuantizer
{
    /// <summary>
    /// The lower end of an affine range, a scalar that is not above zero, the buffer <c>_amin</c> of the state dict; null until there is one, and for
    /// symmetric ranges.
    /// </summary>
    public Tensor? Amin => _amin;

    /// <summary>Sets both ends of an affine range, which is widened to hold zero.</summary>
    /// <param name="minimum">The lower end.</param>
    /// <param name="maximum">The upper end, not below the lower one.</param>
    /// <exception cref="ArgumentException">The ends are not finite, or the lower one is above the upper one.</exception>
    /// <exception cref="InvalidOperationException">The quantizer's range is symmetric.</exception>
    public void SetRange(float minimum, float maximum)
    {
        if (!Descriptor.Affine)
        {
            throw new InvalidOperationException("A symmetric range has one number: set Amax. Only a quantizer whose descriptor says Affine has two ends.");
        }

        if (!(minimum <= maximum))
        {
            throw new ArgumentException($"The lower end of a range must not be above the upper one, but {minimum} and {maximum} were given.", nameof(minimum));
        }

        using var scope = NewDisposeScope();
        RangeValue widened = new(MathF.Max(maximum, 0), MathF.Min(minimum, 0));
        SetEnds(full([1], widened.Amin!.Value), widened.Amax.ToTensor(), nameof(minimum));
        IsFromWeight = false;
    }

    /// <summary>Takes a range that was found in statistics.</summary>
    internal void TakeRange(RangeValue range, bool isUnsigned)
    {
        using var scope = NewDisposeScope();

        // In the shape that the quantizer has already, where it has one; a scalar fills it.
        Tensor amax = range.Amax.ToTensor(), whole = _amax is not null && amax.ndim == 0 ? amax.expand(_amax.shape) : amax;
        if (range.Amin is not { } amin)
        {
            TakeRange(whole, isUnsigned);
            return;
        }

        SetEnds(full_like(amax, amin), amax, nameof(range));
        IsFromWeight = false;
        KeepFormat();
        if (_clip is not null)
        {
            InitLearnAmax();
        }
    }

    private void SetFixedRange(Tensor amax, float? amin)
    {
        if (amin is not { } end)
        {
            SetAmax(amax, nameof(Descriptor));
            return;
        }

        using Tensor low = full_like(amax, end);
        SetEnds(low, amax, nameof(Descriptor));
    }

    // Both ends, or neither; in the shape that the range has already.
    private void SetEnds(Tensor amin, Tensor amax, string parameter)
    {
        using var scope = NewDisposeScope();
        if (RangeChecks.Problem(amin, amax, ElementType) is { } problem)
        {
            throw new ArgumentException(problem, parameter);
        }

        long[] shape = _amax?.shape ?? amax.shape;
        SetBuffer(ref _amax, nameof(_amax), amax.reshape(shape));
        SetBuffer(ref _amin, nameof(_amin), amin.reshape(shape));
    }

    // What keeps two ends from being this quantizer's: of a symmetric range there is one, and of an affine one there are both.
    private string? EndsProblem(IReadOnlyDictionary<string, Tensor> state)
    {
        bool hasLow = state.TryGetValue(nameof(_amin), out Tensor? amin), hasHigh = state.TryGetValue(nameof(_amax), out Tensor? amax);
        if (!Descriptor.Affine)
        {
            return hasLow ? $"'{nameof(_amin)}' is the lower end of an affine range, and this quantizer has a symmetric one" : null;
        }

        // Learned bounds are a range by themselves.
        if (hasLow != hasHigh)
        {
            return hasHigh
                ? $"'{nameof(_amax)}' is that of a symmetric range, and this quantizer has an affine one, with '{nameof(_amin)}' as well: say 'symmetric' in its specification, or calibrate again"
                : $"'{nameof(_amin)}' comes without '{nameof(_amax)}'";
        }

        return hasLow && RangeChecks.Problem(amin!, amax!, ElementType) is { } problem ? $"'{nameof(_amin)}', '{nameof(_amax)}': {problem.TrimEnd('.')}" : null;
    }
}
