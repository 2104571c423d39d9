namespace QuantGen.Onnx;

/// <summary>What an export wrote.</summary>
/// <param name="Path">The full path of the file.</param>
/// <param name="Target">The runtime that it is for.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Nodes">The number of operators in the graph.</param>
/// <param name="QuantizedLayers">The layers whose input and weight are quantized, by their names in the model.</param>
/// <param name="Notes">What differs from the C# model or keeps a layer from running in integers, a sentence each.</param>
public sealed record OnnxExportReport(
    string Path, OnnxTarget Target, long Bytes, int Nodes, IReadOnlyList<string> QuantizedLayers, IReadOnlyList<string> Notes)
{
    /// <summary>The file, and the notes a line each.</summary>
    public override string ToString()
        => string.Join(Environment.NewLine, [$"{Path}: {Bytes} bytes, {Nodes} operators, {QuantizedLayers.Count} quantized layers, for {Target}", .. Notes]);
}
