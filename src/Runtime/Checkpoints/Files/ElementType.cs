using static TorchSharp.torch;

namespace QuantGen.Checkpoints.Files;

/// <summary>The type of a stored tensor's elements: its names in files, and what it becomes in TorchSharp.</summary>
/// <param name="Name">PyTorch's name, such as "float32".</param>
/// <param name="Safetensors">Its name in safetensors files, such as "F32".</param>
/// <param name="Storage">PyTorch's class of storages, such as "FloatStorage"; null where it has none.</param>
/// <param name="Size">Bytes for each element.</param>
/// <param name="Loaded">The type of the tensor that is loaded.</param>
internal sealed record ElementType(string Name, string Safetensors, string? Storage, int Size, ScalarType Loaded)
{
    /// <summary>8-bit floats with four exponent bits, which TorchSharp has no name for; each is a float32.</summary>
    public static readonly ElementType E4M3 = new("float8_e4m3fn", "F8_E4M3", null, 1, ScalarType.Float32);

    /// <summary>8-bit floats with five exponent bits; each is a float32.</summary>
    public static readonly ElementType E5M2 = new("float8_e5m2", "F8_E5M2", null, 1, ScalarType.Float32);

    /// <summary>All that are read.</summary>
    public static IReadOnlyList<ElementType> All { get; } =
    [
        new("float64", "F64", "DoubleStorage", 8, ScalarType.Float64),
        new("float32", "F32", "FloatStorage", 4, ScalarType.Float32),
        new("float16", "F16", "HalfStorage", 2, ScalarType.Float16),
        new("bfloat16", "BF16", "BFloat16Storage", 2, ScalarType.BFloat16),
        new("int64", "I64", "LongStorage", 8, ScalarType.Int64),
        new("int32", "I32", "IntStorage", 4, ScalarType.Int32),
        new("int16", "I16", "ShortStorage", 2, ScalarType.Int16),
        new("int8", "I8", "CharStorage", 1, ScalarType.Int8),
        new("uint8", "U8", "ByteStorage", 1, ScalarType.Byte),
        new("bool", "BOOL", "BoolStorage", 1, ScalarType.Bool),
        E4M3,
        E5M2,
    ];

    /// <summary>Whether it is one of the two 8-bit floats.</summary>
    public bool IsFloat8 => this == E4M3 || this == E5M2;

    /// <summary>The type in which a tensor is written.</summary>
    /// <exception cref="NotSupportedException">Tensors of that type are not written.</exception>
    public static ElementType Of(ScalarType type)
        => All.FirstOrDefault(known => known.Loaded == type && !known.IsFloat8)
            ?? throw new NotSupportedException(
                $"Tensors of type {type} are not written to checkpoints; convert them to one of "
                    + $"{string.Join(", ", All.Where(known => !known.IsFloat8).Select(known => known.Loaded))}.");
}
