using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Kernels;

namespace QuantGen.Onnx.Passes;

/// <summary>Predicts what ONNX Runtime computes in integers, and notes what it does not although something about it is quantized or it has a weight.</summary>
internal static class ExplainFloatOperators
{
    // Beyond this many names a note says how many more there are; the report's kernels have all.
    private const int MostNames = 8;

    /// <summary>Runs the pass; after everything that changes operators.</summary>
    public static void Run(OnnxGraph graph)
    {
        graph.Kernels = OnnxRuntimeKernels.Of(graph);
        Dictionary<string, GraphNode> nodes = graph.Nodes.ToDictionary(node => node.Name);
        OnnxKernel[] inFloat = [.. graph.Kernels.Where(kernel => !kernel.IsInteger && IsWorthANote(graph, nodes[kernel.Name]))];
        foreach (var group in inFloat.GroupBy(kernel => (kernel.Operator, kernel.FloatReason)))
        {
            string[] names = [.. group.Select(Describe)];
            string verb = names.Length == 1 ? "runs" : "run";
            graph.Notes.Add($"{names.Length} {group.Key.Operator} {verb} in floating point in ONNX Runtime because {group.Key.FloatReason}: {Listed(names)}.");
        }

        string[] atLoad = [.. graph.Kernels.Where(kernel => kernel.IsWeightQuantizedAtLoad).Select(Describe)];
        if (atLoad.Length > 0)
        {
            graph.Notes.Add(
                $"{atLoad.Length} layers have weights without a quantizer between quantized tensors; ONNX Runtime quantizes such weights itself, to 8 bits "
                + $"with one range for all channels: {Listed(atLoad)}.");
        }

        if (!graph.IsForOnnxRuntime && inFloat.Length > 0)
        {
            graph.Notes.Add(
                "The model is not annotated for ONNX Runtime: with Target = QuantTarget.OnnxRuntime in its [Quantize], quantizers stand where this runtime "
                + "needs them and calibration finds ranges that begin at 0.");
        }
    }

    // What has no weight and no quantizer next to it is float on purpose.
    private static bool IsWorthANote(OnnxGraph graph, GraphNode node)
        => graph.IsWeighted(node)
            || node.Inputs.Any(input => graph.Producer(input) is { OpType: "DequantizeLinear" })
            || graph.Consumers(node.Output).Any(reader => reader.OpType == "QuantizeLinear");

    private static string Listed(string[] names)
        => string.Join(", ", names.Take(MostNames)) + (names.Length > MostNames ? $" and {names.Length - MostNames} more" : "");

    private static string Describe(OnnxKernel kernel)
    {
        string name = kernel.Layer.Length == 0 ? kernel.Name : kernel.Layer;
        return kernel.Quantizers.Count == 0 ? name : $"{name} ({string.Join(", ", kernel.Quantizers)})";
    }
}
