namespace QuantGen.Onnx;

/// <summary>What ONNX Runtime's CPU provider is expected to make of an operator of an exported file.</summary>
public sealed record OnnxKernel
{
    /// <summary>The operator's name in the file.</summary>
    public required string Name { get; init; }

    /// <summary>The layer that it belongs to, by its path in the model; empty for what the model's own <c>forward</c> computes.</summary>
    public required string Layer { get; init; }

    /// <summary>The operator, such as <c>Conv</c>.</summary>
    public required string Operator { get; init; }

    /// <summary>Whether it runs in integers.</summary>
    public bool IsInteger => FloatReason is null;

    /// <summary>Why it runs in floating point, as the end of a sentence: "the output is not quantized"; null where it does not.</summary>
    public string? FloatReason { get; init; }

    /// <summary>
    /// Whether the weight is in floating point in the file and ONNX Runtime quantizes it when it loads the file: to 8 bits, with one range for all channels.
    /// </summary>
    public bool IsWeightQuantizedAtLoad { get; init; }

    /// <summary>The quantizers that are the reason, by their paths in the model; none where it is another.</summary>
    public IReadOnlyList<string> Quantizers { get; init; } = [];
}
