using QuantGen.Onnx.Graph;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Onnx.Tracing;

/// <summary>
/// Traces a model so that the size of the batch stays open. In C#, sizes are plain numbers, in which nobody can see where they came from. So the model runs
/// with two sizes of the batch: what is the same in both does not depend on it, and what is not, does.
/// </summary>
/// <remarks>
/// A batch of one is traced as two: with one sample, the batch could not be told from a dimension of size 1. Where the model cannot do with another number of
/// samples, or computes something else then, the batch is fixed at the example's size, and a note says why.
/// </remarks>
internal static class OpenBatch
{
    /// <summary>Traces.</summary>
    /// <param name="model">The model, in evaluation.</param>
    /// <param name="example">An input; the first dimension is the batch.</param>
    public static OnnxGraph Trace<TModel>(TModel model, Tensor example)
        where TModel : Module<Tensor, Tensor>, ITraceable
    {
        Dictionary<Tensor, GraphConstant> parameters = new(ReferenceEqualityComparer.Instance);
        long given = example.shape[0], first = Math.Max(given, 2);
        string reason;
        OnnxGraph? graph = null;
        try
        {
            graph = Run(first);
            reason = Open(graph);
        }
        catch (Exception e) when (given == 1 && graph is null && e is not OutOfMemoryException)
        {
            reason = Failure(first, e);
        }

        if (reason.Length > 0)
        {
            graph = given == first ? graph! : Run(given);
            graph.Notes.Add($"The batch is fixed at {given}, the number of samples of the example, since the model depends on it: {reason}.");
        }

        return graph!;

        // Few samples first, which are enough for most models; then more than in the example, for one that takes them by the group. Several, as one number
        // may happen to be the size of another dimension, so that torch makes a view where it makes a copy otherwise.
        string Open(OnnxGraph graph)
        {
            string reason = "";
            foreach (long other in first > 2 ? new long[] { 2, 2 * first, 3 * first } : [2 * first, 3 * first])
            {
                OnnxGraph second;
                try
                {
                    second = Run(other);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    reason = Failure(other, e);
                    continue;
                }

                if (BatchComparison.Open(graph, second) is not { } difference)
                {
                    return "";
                }

                reason = $"with {other} samples {difference}";
            }

            return reason;
        }

        OnnxGraph Run(long samples)
        {
            using var scope = NewDisposeScope();
            Tensor repeated = cat([.. Enumerable.Repeat(example, (int)((samples + given - 1) / given))], 0);
            using GraphTrace trace = new(model, repeated.narrow(0, 0, samples).clone(), parameters);
            trace.Graph.Output = trace.ValueOf(model.TraceForward(trace.Input));
            return trace.Graph;
        }
    }

    private static string Failure(long samples, Exception e) => $"with {samples} samples its forward fails ({e.Message.Split('\n')[0].TrimEnd('.', '\r')})";
}
