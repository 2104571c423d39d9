namespace QuantGen;

/// <summary>The runtime whose rules decide where a generated model has its quantizers.</summary>
public enum QuantTarget
{
    /// <summary>
    /// Signed activations; every input of a weighted layer, and of an addition the residual operand only
    /// (NVIDIA TensorRT developer guide, "Q/DQ layer-placement recommendations").
    /// </summary>
    TensorRT,

    /// <summary>
    /// Both operands of an addition, all tensors of a concatenation with one range, and unsigned activations wherever the model proves that
    /// they are never negative, otherwise affine ones, whose zero-points cost this runtime nothing: what ONNX Runtime needs on CPU to run convolutions, additions
    /// and concatenations as integer kernels. (With <c>symmetric</c>, calibration makes a range unsigned where it sees no negative value.)
    /// </summary>
    OnnxRuntime,
}
