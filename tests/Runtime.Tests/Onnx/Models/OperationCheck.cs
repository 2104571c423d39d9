using QuantGen.Onnx;
using static TorchSharp.torch;

namespace QuantGen.Tests.Onnx.Models;

/// <summary>Runs an operation in C# and, exported, in ONNX Runtime, and compares the two number by number.</summary>
internal static class OperationCheck
{
    /// <summary>Exports with two samples and runs with one, two and five.</summary>
    /// <param name="eager">The operation over tensors.</param>
    /// <param name="traced">The operation over traced tensors.</param>
    /// <param name="sample">The shape of the input without its batch.</param>
    public static void AnyBatch(Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced, params long[] sample)
    {
        // A number, so that what comes out of the file is one, too: masks and indices become 0, 1, 2 and so on.
        TracedFunction model = new(x => eager(x).to(ScalarType.Float32), x => traced(x).to(ScalarType.Float32));
        using ExportedModel exported = ExportedModel.Of(model, randn([2, .. sample]), OnnxTarget.Float);
        Assert.All(exported.Report.Notes, note => Assert.Fail(note));
        foreach (long batch in new long[] { 1, 2, 5 })
        {
            Tensor input = randn([batch, .. sample]);
            Assert.Equal(eager(input.clone()).shape, exported.Shape(input));
            AssertSame(Comparison.Evaluate(model, input.clone()), exported.Run(input));
        }
    }

    /// <summary>Exports and runs with two samples, for what has the batch fixed.</summary>
    public static void GivenBatch(Func<Tensor, Tensor> eager, Func<TracedTensor, TracedTensor> traced, params long[] shape)
    {
        TracedFunction model = new(x => eager(x).to(ScalarType.Float32), x => traced(x).to(ScalarType.Float32));
        using ExportedModel exported = ExportedModel.Of(model, randn(shape), OnnxTarget.Float);
        Tensor input = randn(shape);
        Assert.Equal(eager(input.clone()).shape, exported.Shape(input));
        AssertSame(Comparison.Evaluate(model, input.clone()), exported.Run(input));
    }

    // Infinities and NaN must be the same ones; numbers are compared to the largest of them.
    private static void AssertSame(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = expected.Where(float.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < expected.Length; i++)
        {
            bool isSame = float.IsFinite(expected[i]) ? Math.Abs(expected[i] - actual[i]) <= 1e-5f * Math.Max(largest, 1e-3f) : expected[i].Equals(actual[i]);
            Assert.True(isSame, $"Element {i} is {actual[i]} in ONNX Runtime and {expected[i]} in C#.");
        }
    }
}
