namespace QuantGen.Onnx;

/// <summary>The runtime that an exported model is for. Each wants its own way of writing quantization down.</summary>
public enum OnnxTarget
{
    /// <summary>The model without its quantizers, to compare with: float32, batch normalization folded into convolutions.</summary>
    Float,

    /// <summary>
    /// NVIDIA TensorRT: signed 8-bit quantize and dequantize operators before each input of weighted layers, float weights,
    /// batch normalization left as it is.
    /// </summary>
    TensorRT,

    /// <summary>
    /// ONNX Runtime on CPU: unsigned 8-bit activations, weights stored as 8-bit integers with batch normalization folded in,
    /// so that convolutions and additions run as integer kernels.
    /// </summary>
    OnnxRuntime,
}
