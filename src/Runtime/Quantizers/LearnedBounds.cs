using QuantGen.Numerics.Formats;
using static TorchSharp.torch;

namespace QuantGen.Quantizers;

/// <summary>The bounds of a range that training learns; scalars.</summary>
/// <param name="Minimum">The lower bound.</param>
/// <param name="Maximum">The upper bound.</param>
/// <param name="LearnsStep">Whether they take a gradient from rounding, and not only from what they clip.</param>
internal readonly record struct LearnedBounds(Tensor Minimum, Tensor Maximum, bool LearnsStep)
{
    /// <summary>Whether a bound takes a gradient.</summary>
    public bool Learns => Minimum.requires_grad || Maximum.requires_grad;

    /// <summary>Clips to the bounds, with gradients to them from what is clipped.</summary>
    public Tensor Clip(Tensor input) => LearnedClip.Apply(input, Minimum, Maximum);

    /// <summary>The amax of the smallest grid that holds both bounds, without gradient; a new tensor.</summary>
    /// <param name="format">The numbers of the grid. Its lowest integer may lie further from zero than its highest.</param>
    public Tensor Amax(QuantFormat format)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (format.Smallest == 0)
        {
            return Maximum.clamp_min(0).MoveToOuterDisposeScope();
        }

        // A bound below zero that is as far out as the lowest integer asks for no larger grid.
        Tensor below = LearnsStep ? Minimum * (format.Largest / format.Smallest) : Minimum.neg();
        return maximum(below, Maximum).clamp_min(0).MoveToOuterDisposeScope();
    }
}
