using static TorchSharp.torch;

namespace QuantGen;

/// <summary>Clipping whose bounds receive gradients (PACT, Choi et al., arXiv:1805.06085).</summary>
public static class LearnedClip
{
    /// <summary>
    /// Clips to [<paramref name="min"/>, <paramref name="max"/>]. The gradient of a clipped value, also of one exactly at a bound, goes to the bound.
    /// </summary>
    /// <param name="input">A tensor of any shape.</param>
    /// <param name="min">The lower bound, broadcastable to the input. A lower bound above the upper one wins.</param>
    /// <param name="max">The upper bound, broadcastable to the input.</param>
    public static Tensor Apply(Tensor input, Tensor min, Tensor max)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(min);
        ArgumentNullException.ThrowIfNull(max);
        using var scope = NewDisposeScope();
        Tensor lower = min.to(input.dtype, input.device), upper = max.to(input.dtype, input.device);
        Tensor above = where(input.ge(upper), upper, input);
        return where(input.le(lower), lower, above).MoveToOuterDisposeScope();
    }
}
