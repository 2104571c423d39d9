using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records linear layers.</summary>
internal static class TracedLinear
{
    /// <summary>x · Wᵀ + b: a Gemm for matrices, otherwise a product and a sum.</summary>
    public static TracedTensor Record(TracedTensor input, TracedTensor weight, TracedTensor? bias)
    {
        if (input.ndim == 2)
        {
            Tensor result = nn.functional.linear(input.Value, weight.Value, bias?.Value);
            return TracedTensor.Record("Gemm", result, bias is null ? [input, weight] : [input, weight, bias], ("transB", 1));
        }

        TracedTensor product = input.matmul(weight.In(input.Trace).t());
        return bias is null ? product : product.add(bias);
    }
}
