using Google.Protobuf;
using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Proto;

namespace QuantGen.Onnx.Writing;

/// <summary>Prints a graph as an ONNX model.</summary>
internal static class OnnxModelWriter
{
    /// <summary>The version of the operators: per-channel quantization came with 13, HardSwish with 14; TensorRT 8.6 and later take 17.</summary>
    public const int Opset = 17;

    // The version of the file format that came out with opset 17 (ONNX 1.12).
    private const long IrVersion = 8;

    // What a protobuf message can hold.
    private const long LargestFile = int.MaxValue - (1 << 20);

    /// <summary>The model as a message.</summary>
    /// <exception cref="NotSupportedException">The model's constants do not fit into one file.</exception>
    public static ModelProto Print(OnnxGraph graph)
    {
        long bytes = graph.Constants().Sum(value => (long)value.Constant!.Bytes.Length);
        if (bytes > LargestFile)
        {
            throw new NotSupportedException($"The model's constants take {bytes} bytes, but an ONNX file holds at most 2 GB.");
        }

        ModelProto model = new()
        {
            IrVersion = IrVersion,
            ProducerName = "QuantGen",
            ProducerVersion = typeof(OnnxModelWriter).Assembly.GetName().Version?.ToString(3) ?? "",
            Graph = new() { Name = graph.Name },
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = Opset });
        model.Graph.Input.Add(Info(graph.Input));
        model.Graph.Output.Add(Info(graph.Output!));
        model.Graph.Initializer.AddRange(graph.Constants().Select(Tensor));
        model.Graph.Node.AddRange(graph.Nodes.Select(Node));
        return model;
    }

    private static NodeProto Node(GraphNode node)
    {
        NodeProto proto = new() { OpType = node.OpType, Name = node.Name };
        int count = node.Inputs.Count;
        while (node.Inputs[count - 1] is null)
        {
            count--;
        }

        proto.Input.AddRange(node.Inputs.Take(count).Select(input => input?.Name ?? ""));
        proto.Output.AddRange(Enumerable.Repeat("", node.OutputIndex));
        proto.Output.Add(node.Output.Name);
        proto.Attribute.AddRange(node.Attributes.Select(entry => Attribute(entry.Key, entry.Value.Value)));
        return proto;
    }

    private static AttributeProto Attribute(string name, object value)
    {
        AttributeProto proto = new() { Name = name };
        switch (value)
        {
            case long integer:
                (proto.Type, proto.I) = (AttributeProto.Types.AttributeType.Int, integer);
                break;
            case float number:
                (proto.Type, proto.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (proto.Type, proto.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case long[] integers:
                proto.Type = AttributeProto.Types.AttributeType.Ints;
                proto.Ints.AddRange(integers);
                break;
            case string[] texts:
                proto.Type = AttributeProto.Types.AttributeType.Strings;
                proto.Strings.AddRange(texts.Select(ByteString.CopyFromUtf8));
                break;
            default:
                throw new ArgumentException($"An attribute of type {value.GetType().Name} cannot be written.", nameof(value));
        }

        return proto;
    }

    private static TensorProto Tensor(GraphValue value)
    {
        TensorProto proto = new() { Name = value.Name, DataType = (int)value.Type, RawData = UnsafeByteOperations.UnsafeWrap(value.Constant!.Bytes) };
        proto.Dims.AddRange(value.Constant.Shape);
        return proto;
    }

    private static ValueInfoProto Info(GraphValue value)
    {
        TensorShapeProto shape = new();
        shape.Dim.AddRange(value.Shape.Select(size => size switch
        {
            GraphValue.Batch => new TensorShapeProto.Types.Dimension { DimParam = "batch" },
            GraphValue.Unknown => new TensorShapeProto.Types.Dimension(),
            _ => new TensorShapeProto.Types.Dimension { DimValue = size },
        }));
        return new() { Name = value.Name, Type = new() { TensorType = new() { ElemType = (int)value.Type, Shape = shape } } };
    }
}
