using System.Runtime.InteropServices;
using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing;

/// <summary>Which type of ONNX stands for which of TorchSharp.</summary>
internal static class ElementTypes
{
    /// <summary>The type in the file: all floating-point numbers are of 32 bits there.</summary>
    /// <exception cref="NotSupportedException">The export has no such elements.</exception>
    public static ElementType Of(ScalarType type) => type switch
    {
        ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16 => ElementType.Float,
        ScalarType.Int64 => ElementType.Int64,
        ScalarType.Int32 => ElementType.Int32,
        ScalarType.Int8 => ElementType.Int8,
        ScalarType.Byte => ElementType.UInt8,
        ScalarType.Bool => ElementType.Bool,
        _ => throw new NotSupportedException($"The export has no tensors of type {type}; convert to float32 or int64."),
    };

    /// <summary>The elements of a tensor on any device.</summary>
    public static GraphConstant Constant(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        ElementType type = Of(tensor.dtype);
        Tensor plain = tensor.detach().cpu().contiguous();
        return type switch
        {
            ElementType.Float => GraphConstant.Of(Elements<float>(plain.to(ScalarType.Float32)), tensor.shape),
            ElementType.Int64 => GraphConstant.Of(Elements<long>(plain), tensor.shape),
            ElementType.Int32 => GraphConstant.Of(Elements<int>(plain), tensor.shape),
            ElementType.Int8 => GraphConstant.Of(Elements<sbyte>(plain), tensor.shape),
            ElementType.UInt8 => GraphConstant.Of(Elements<byte>(plain), tensor.shape),
            _ => GraphConstant.Of(ElementType.Bool, MemoryMarshal.AsBytes<bool>(Elements<bool>(plain)).ToArray(), tensor.shape),
        };
    }

    private static T[] Elements<T>(Tensor tensor)
        where T : unmanaged
        => [.. tensor.data<T>()];
}
