using QuantGen.Benchmarks.Measuring;
using static TorchSharp.torch;

namespace QuantGen.Benchmarks.Numerics;

/// <summary>QuantGen's functions and the composed torch operations that they stand for, in turns.</summary>
internal static class NumericsComparison
{
    private const int Rounds = 41;

    /// <summary>Prints medians in milliseconds and how many times faster QuantGen's functions are.</summary>
    public static void Run()
    {
        using var scope = NewDisposeScope();
        Console.WriteLine("{0,-52}{1,12}{2,12}{3,10}", "", "composed", "QuantGen", "faster");
        foreach (long[] shape in new long[][] { [64, 64, 16, 16], [256, 64, 16, 16], [32, 8] })
        {
            Tensor input = randn(shape), recorded = randn(shape).requires_grad_(), amax = tensor(2.5f);
            Tensor channels = input.abs().amax([.. Enumerable.Range(1, shape.Length - 1).Select(axis => (long)axis)], keepdim: true);
            Tensor lastAxis = input.abs().amax([.. Enumerable.Range(0, shape.Length - 1).Select(axis => (long)axis)], keepdim: true);
            string size = $"[{string.Join(", ", shape)}]";
            Compare($"fake quantization, {size}", () => ComposedOperations.FakeQuantize(input, amax, -128, 127), () => FakeQuant.Apply(input, amax, narrowRange: false));
            Compare($"  per channel, axis 0", () => ComposedOperations.FakeQuantize(input, channels, -127, 127), () => FakeQuant.Apply(input, channels));
            Compare($"  last axis", () => ComposedOperations.FakeQuantize(input, lastAxis, -127, 127), () => FakeQuant.Apply(input, lastAxis));
            Compare($"  recording the gradient", () => ComposedOperations.FakeQuantizeWithGradient(recorded, amax, -128, 127), () => FakeQuant.Apply(recorded, amax, narrowRange: false));
            Compare($"  scaled E4M3", () => ComposedOperations.ScaledE4M3(input, amax), () => Float8.ScaledE4M3(input, amax));
            Compare($"  largest absolute value", () => ComposedOperations.ReduceAmax(input, null), () => ReduceAmax.Apply(input));
            Compare($"  largest absolute value of each channel", () => ComposedOperations.ReduceAmax(input, [.. Enumerable.Range(1, shape.Length - 1).Select(axis => (long)axis)]), () => ReduceAmax.Apply(input, [.. Enumerable.Range(1, shape.Length - 1)]));
        }
    }

    private static void Compare(string name, Func<Tensor> composed, Func<Tensor> ours)
    {
        double[] medians = SideBySide.Medians(Rounds, () => composed().Dispose(), () => ours().Dispose());
        Console.WriteLine(FormattableString.Invariant($"{name,-52}{medians[0],12:F4}{medians[1],12:F4}{medians[0] / medians[1],9:F2}x"));
    }
}
