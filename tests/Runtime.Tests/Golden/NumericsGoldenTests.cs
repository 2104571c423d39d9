using Xunit.Abstractions;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

public sealed class NumericsGoldenTests(ITestOutputHelper output)
{
    [Fact]
    public void Affine_fake_quantization_equals_the_reference() => new GoldenReport("fake_affine", output).Run(golden =>
        Compare(golden, input => FakeAffineQuant.Apply(input, golden.Tensor("min_range"), golden.Tensor("max_range"), golden.NumBits())));

    [Fact]
    public void Scaled_E4M3_equals_the_reference() => new GoldenReport("scaled_e4m3", output).Run(
        golden => Compare(golden, input => Float8.ScaledE4M3(input, golden.Has("amax") ? golden.Tensor("amax") : null)),
        golden => golden.Has("E") ? "other formats have functions of their own here" : null);

    [Fact]
    public void Amax_over_axes_equals_the_reference() => new GoldenReport("reduce_amax", output).Run(ReduceAmaxDifferences);

    private static IEnumerable<string?> Compare(GoldenCase golden, Func<Tensor, Tensor> function)
    {
        Tensor input = golden.Tensor("input").requires_grad_();
        Tensor result = function(input);
        yield return GoldenTensor.Difference(result, golden.Tensor("output"));
        result.backward([golden.Tensor("grad_output")]);
        yield return GoldenTensor.Difference(input.grad!, golden.Tensor("grad_input"));
    }

    private static IEnumerable<string?> ReduceAmaxDifferences(GoldenCase golden)
    {
        Tensor input = golden.Tensor("input");
        QuantAxes? axes = golden.Axes("axis");
        bool keepDims = golden.Flag("keepdims");
        if (golden.Has("error"))
        {
            Assert.ThrowsAny<ArgumentException>(() => ReduceAmax.Apply(input, axes, keepDims));
            yield break;
        }

        // Values are the reference's. The shape is not where that also removes axes of length 1 that nobody asked to reduce.
        Tensor expected = golden.Tensor("output");
        Tensor actual = ReduceAmax.Apply(input, axes, keepDims);
        yield return GoldenTensor.Difference(actual.flatten(), expected.flatten());
        if (!actual.shape.SequenceEqual(expected.shape))
        {
            HashSet<long> reduced = axes is null ? [.. Enumerable.Range(0, (int)input.ndim)] : [.. axes.Select(axis => axis < 0 ? axis + input.ndim : axis)];
            long[] shape = [.. input.shape.Select((size, axis) => reduced.Contains(axis) ? (keepDims ? 1 : 0) : size).Where(size => size > 0)];
            yield return actual.shape.SequenceEqual(shape) ? null : $"shape [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", shape)}]";
            yield return expected.shape.SequenceEqual(shape.Where(size => size != 1)) || expected.ndim == 0 ? null : "differs by more than axes of length 1";
        }
    }
}
