using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>
/// Stops at quantizers without a range. Only those that are still in the graph are asked: what the example does not run through, or the target
/// leaves out, needs no calibration.
/// </summary>
internal static class RequireRanges
{
    /// <summary>Runs the pass; after everything that takes quantizers out, before anything that reads ranges.</summary>
    /// <exception cref="InvalidOperationException">Quantizers have no range.</exception>
    public static void Run(OnnxGraph graph)
    {
        string[] without =
        [
            .. graph.Nodes.OfType<FakeQuantizeNode>().Select(node => node.Quantization)
                .Where(quantization => quantization.Amax.Length == 0).Select(quantization => quantization.Quantizer).Distinct(),
        ];
        if (without.Length > 0)
        {
            throw new InvalidOperationException(
                $"{without.Length} quantizers of {graph.Name} have no range: {string.Join(", ", without)}. "
                + "Calibrate the model with Calibration.Run before exporting it, with data that takes the way that the example takes, "
                + "or disable these quantizers.");
        }
    }
}
