namespace QuantGen.Onnx.Graph;

/// <summary>The types of tensor elements that exports use, with the numbers of the ONNX specification.</summary>
internal enum ElementType
{
    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>Unsigned 8-bit integers.</summary>
    UInt8 = 2,

    /// <summary>Signed 8-bit integers.</summary>
    Int8 = 3,

    /// <summary>Signed 32-bit integers: biases.</summary>
    Int32 = 6,

    /// <summary>Signed 64-bit integers: shapes and indices.</summary>
    Int64 = 7,

    /// <summary>Truth values: masks.</summary>
    Bool = 9,
}
