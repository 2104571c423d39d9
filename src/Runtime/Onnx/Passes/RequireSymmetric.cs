using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>Stops at affine ranges where a runtime takes zero-point 0 only.</summary>
internal static class RequireSymmetric
{
    /// <summary>Stops at any affine range; after everything that takes quantizers out.</summary>
    /// <exception cref="NotSupportedException">A quantizer has an affine range.</exception>
    public static void Run(OnnxGraph graph)
    {
        string[] affine = Names(graph.Nodes.OfType<FakeQuantizeNode>());
        if (affine.Length > 0)
        {
            throw new NotSupportedException(
                $"{affine.Length} quantizers of {graph.Name} have an affine range, and TensorRT takes symmetric ones only: {string.Join(", ", affine)}. "
                + "Export a model with Target = QuantTarget.TensorRT, or with 'symmetric' in its Input and Residual, or use OnnxTarget.OnnxRuntime.");
        }
    }

    /// <summary>Stops at affine ranges of the weights of layers, whose integers biases and batch normalizations count on; after constants were transposed.</summary>
    /// <exception cref="NotSupportedException">A weight has an affine range.</exception>
    public static void RunForWeights(OnnxGraph graph)
    {
        string[] affine = Names(graph.Nodes.OfType<FakeQuantizeNode>().Where(
            node => node.Input.Constant is not null && graph.Consumers(node.Output).Any(
                reader => reader.OpType is "Conv" or "ConvTranspose" or "Gemm" && reader.Inputs[1] == node.Output)));
        if (affine.Length > 0)
        {
            throw new NotSupportedException(
                $"{affine.Length} weights of {graph.Name} have an affine range, and integer kernels take symmetric ones only: {string.Join(", ", affine)}. "
                + "Leave Affine out of the descriptors of weights.");
        }
    }

    private static string[] Names(IEnumerable<FakeQuantizeNode> nodes)
        => [.. nodes.Select(node => node.Quantization).Where(quantization => quantization.Affine).Select(quantization => quantization.Quantizer).Distinct()];
}
