using static TorchSharp.torch;

namespace QuantGen.Benchmarks.Numerics;

/// <summary>What a user would write from torch operations instead of QuantGen's functions.</summary>
internal static class ComposedOperations
{
    /// <summary>Fake quantization without gradient: one new tensor, the rest in place.</summary>
    public static Tensor FakeQuantize(Tensor input, Tensor amax, float low, float high)
    {
        using var scope = NewDisposeScope();
        Tensor scale = high / amax;
        return (input * scale).round_().clamp_(low, high).div_(scale).MoveToOuterDisposeScope();
    }

    /// <summary>The same with the straight-through estimator in its usual form, <c>x + (q - x).detach()</c>, and |x| ≤ amax by a clamp.</summary>
    public static Tensor FakeQuantizeWithGradient(Tensor input, Tensor amax, float low, float high)
    {
        using var scope = NewDisposeScope();
        Tensor clamped = input.clamp(amax.neg(), amax);
        Tensor quantized = FakeQuantize(input.detach(), amax, low, high);
        return (clamped + (quantized - clamped).detach()).MoveToOuterDisposeScope();
    }

    /// <summary>Largest absolute value over axes.</summary>
    public static Tensor ReduceAmax(Tensor input, long[]? axes)
    {
        using Tensor absolute = input.abs();
        return axes is null ? absolute.max() : absolute.amax(axes, keepdim: true);
    }

    /// <summary>Scaled E4M3 without gradient.</summary>
    public static Tensor ScaledE4M3(Tensor input, Tensor amax)
    {
        using var scope = NewDisposeScope();
        Tensor scale = 448 / amax;
        return (input * scale).clamp_(-448, 448).to((ScalarType)24).to(ScalarType.Float32).div_(scale).MoveToOuterDisposeScope();
    }
}
