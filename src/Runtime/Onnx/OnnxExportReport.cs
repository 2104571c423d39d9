namespace QuantGen.Onnx;

/// <summary>What an export wrote.</summary>
public sealed record OnnxExportReport
{
    /// <summary>The full path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>The runtime that it is for.</summary>
    public required OnnxTarget Target { get; init; }

    /// <summary>The size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>The number of operators in the graph.</summary>
    public required int Nodes { get; init; }

    /// <summary>The layers whose input and weight are quantized, by their names in the model.</summary>
    public required IReadOnlyList<string> QuantizedLayers { get; init; }

    /// <summary>
    /// For <see cref="OnnxTarget.OnnxRuntime"/>, each operator that ONNX Runtime can compute in integers or that has a weight, in the order of execution,
    /// with what it is expected to become; none for other targets.
    /// </summary>
    public IReadOnlyList<OnnxKernel> Kernels { get; init; } = [];

    /// <summary>What differs from the C# model or keeps an operator from running in integers, a sentence each.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The file, and the notes a line each.</summary>
    public override string ToString()
    {
        string kernels = Kernels.Count == 0 ? "" : $", {Kernels.Count(kernel => kernel.IsInteger)} of {Kernels.Count} heavy operators in integers";
        string summary = $"{Path}: {Bytes} bytes, {Nodes} operators, {QuantizedLayers.Count} quantized layers{kernels}, for {Target}";
        return string.Join(Environment.NewLine, [summary, .. Notes]);
    }
}
