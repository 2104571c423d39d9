using Google.Protobuf;
using QuantGen.Onnx.Proto;

namespace QuantGen.Onnx;

/// <summary>A look into an ONNX file.</summary>
public static class OnnxFile
{
    /// <summary>How often each operator occurs in the main graph, such as <c>QLinearConv</c> in one that ONNX Runtime has optimised.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">It is not an ONNX file.</exception>
    public static IReadOnlyDictionary<string, int> CountOperators(string path)
    {
        using FileStream stream = File.OpenRead(path);
        try
        {
            ModelProto model = ModelProto.Parser.ParseFrom(stream);
            return (model.Graph ?? throw new InvalidDataException($"'{path}' holds no graph.")).Node.CountBy(node => node.OpType).ToDictionary();
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"'{path}' is not an ONNX file.", e);
        }
    }
}
