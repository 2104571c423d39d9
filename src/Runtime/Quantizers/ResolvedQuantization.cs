using QuantGen.Numerics;
using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Quantizers;

/// <summary>
/// What a quantizer does to a tensor, in this order: it multiplies by <paramref name="PreScale"/>, clips to <paramref name="Bounds"/>, and rounds to
/// the grid of <paramref name="Format"/> whose largest number stands for <paramref name="Amax"/>, or, where the format is affine, to the
/// <see cref="AffineGrid"/> from <paramref name="Amin"/> to <paramref name="Amax"/>, which also clips. What is null is not done.
/// </summary>
/// <remarks>
/// Forward, gradients, exports, reports and step sizes all read this value, so that none of them can forget a step of it. Zero always stands for zero.
/// </remarks>
/// <param name="PreScale">A factor for each element, broadcastable.</param>
/// <param name="Bounds">Learned bounds.</param>
/// <param name="Format">The numbers of the grid; null where nothing is quantized.</param>
/// <param name="Amax">The largest absolute value, with the descriptor's factor applied, without gradient; null where each input has its own.</param>
/// <param name="Amin">The lower end of an affine range, likewise; null where the range is symmetric, or each input has its own.</param>
/// <param name="AmaxFactor">The descriptor's factor, for an amax that comes from the input.</param>
/// <param name="Axis">The axes that have an amax each, for one that comes from the input.</param>
internal readonly record struct ResolvedQuantization(
    Tensor? PreScale, LearnedBounds? Bounds, QuantFormat? Format, Tensor? Amax, Tensor? Amin, double? AmaxFactor, QuantAxes? Axis)
{
    /// <summary>Whether what passes comes out as it went in.</summary>
    public bool LetsPass => PreScale is null && Bounds is null && Format is null;

    /// <summary>The input multiplied by the factor; an alias where there is none.</summary>
    public Tensor Scale(Tensor input)
    {
        // Never the input itself: Sequential disposes what a module was given once it has its result.
        if (PreScale is null)
        {
            return input.alias();
        }

        // Autograd keeps the factor: a copy lets it change before the backward pass.
        return input * (input.requires_grad && is_grad_enabled() ? PreScale.clone() : PreScale);
    }

    /// <summary>The amax for a scaled input; a tensor without gradient.</summary>
    public Tensor AmaxFor(Tensor scaled)
    {
        if (Amax is not null)
        {
            return Amax;
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor amax = ReduceAmax.Apply(scaled, Axis?.Others(scaled.ndim));
        return (AmaxFactor is { } factor ? amax * factor : amax).MoveToOuterDisposeScope();
    }

    /// <summary>The two ends of an affine range for a scaled input; tensors without gradient.</summary>
    public (Tensor Amin, Tensor Amax) EndsFor(Tensor scaled)
    {
        if (Amin is not null && Amax is not null)
        {
            return (Amin, Amax);
        }

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        (Tensor minimum, Tensor maximum) = scaled.detach().aminmax();
        (minimum, maximum) = AmaxFactor is { } factor ? (minimum * factor, maximum * factor) : (minimum, maximum);
        return (minimum.MoveToOuterDisposeScope(), maximum.MoveToOuterDisposeScope());
    }

    /// <summary>Clips a scaled input to the bounds and rounds it to the grid, back in floating point.</summary>
    /// <param name="scaled">What <see cref="Scale"/> returned.</param>
    /// <param name="rejectNegative">Whether negative values are an error where the grid has none.</param>
    public Tensor Quantize(Tensor scaled, bool rejectNegative)
    {
        // Nothing has no range of its own, and needs none.
        if (Format is not { } format || (Amax is null && scaled.numel() == 0))
        {
            return Bounds?.Clip(scaled) ?? scaled;
        }

        if (format.Affine)
        {
            return QuantizeAffine(scaled, format);
        }

        if (Bounds is { LearnsStep: true } bounds && (scaled.requires_grad || bounds.Learns) && is_grad_enabled())
        {
            return LearnedQuant.Apply(scaled, bounds.Minimum, bounds.Maximum, AmaxFor(scaled), AmaxFactor ?? 1, format);
        }

        Tensor clipped = Bounds?.Clip(scaled) ?? scaled, amax = AmaxFor(clipped);
        return format.IsE4M3 ? Float8.ScaledE4M3(clipped, amax) : FakeQuant.Quantize(clipped, amax, format.Range, rejectNegative);
    }

    // The grid clips to learned bounds by itself.
    private Tensor QuantizeAffine(Tensor scaled, QuantFormat format)
    {
        if (Bounds is { } bounds && (scaled.requires_grad || bounds.Learns) && is_grad_enabled())
        {
            return LearnedAffineQuant.Apply(scaled, bounds.Minimum, bounds.Maximum, format.Largest, bounds.LearnsStep);
        }

        (Tensor amin, Tensor amax) = EndsFor(scaled);
        return AffineQuant.Quantize(scaled, amin, amax, format.Largest);
    }
}
