namespace QuantGen.Onnx.Kernels;

/// <summary>What ONNX Runtime's CPU provider wants before it computes an operator in integers.</summary>
/// <param name="Kernel">The integer operator.</param>
/// <param name="WithoutOutput">The integer operator for a result that is not quantized; null where it must be.</param>
/// <param name="HasWeight">Whether the second input is a weight, which may be of another type than the first, and the third a bias of 32-bit integers.</param>
internal sealed record IntegerRule(string Kernel, string? WithoutOutput = null, bool HasWeight = false)
{
    /// <summary>
    /// The rules of ONNX Runtime 1.31, from its own source: the selectors that its QDQ transformer registers for the CPU provider
    /// (<c>onnxruntime/core/optimizer/qdq_transformer/selectors_actions</c>). Split has one too, but no export has this operator.
    /// </summary>
    public static IReadOnlyDictionary<string, IntegerRule> All { get; } = new Dictionary<string, IntegerRule>
    {
        ["Conv"] = new("QLinearConv", HasWeight: true),
        ["Gemm"] = new("QGemm", WithoutOutput: "QGemm", HasWeight: true),
        ["MatMul"] = new("QLinearMatMul", WithoutOutput: "MatMulIntegerToFloat", HasWeight: true),
        ["Add"] = new("QLinearAdd"),
        ["Mul"] = new("QLinearMul"),
        ["Concat"] = new("QLinearConcat"),
        ["Where"] = new("QLinearWhere"),
        ["AveragePool"] = new("QLinearAveragePool"),
        ["GlobalAveragePool"] = new("QLinearGlobalAveragePool"),
        ["LeakyRelu"] = new("QLinearLeakyRelu"),
        ["Sigmoid"] = new("QLinearSigmoid"),
        ["Softmax"] = new("QLinearSoftmax"),
    };

    /// <summary>Operators that take and give integers as they are, through which ONNX Runtime moves quantization in both directions.</summary>
    public static IReadOnlySet<string> Moving { get; } = new HashSet<string> { "MaxPool", "Reshape", "Transpose", "Squeeze", "Unsqueeze", "Slice" };
}
