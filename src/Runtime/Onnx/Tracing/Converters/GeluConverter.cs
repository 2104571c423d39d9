using TorchSharp.Modules;

namespace QuantGen.Onnx.Tracing.Converters;

/// <summary>Records GELU, exact or by its approximation with tanh (Hendrycks and Gimpel, arXiv:1606.08415).</summary>
internal static class GeluConverter
{
    /// <summary>Records.</summary>
    public static TracedTensor Record(GELU module, TracedTensor input)
    {
        if (module.approximate == GELU.Approximate.none)
        {
            return TracedOps.gelu(input, module.inplace);
        }

        TracedTensor cube = input.mul(input).mul(input);
        TracedTensor inner = input.add(cube.mul(0.044715)).mul(Math.Sqrt(2 / Math.PI));
        return TracedOps.Finish(input, inner.tanh().add(1).mul(input).mul(0.5), module.inplace);
    }
}
