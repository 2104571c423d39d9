using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Passes;

namespace QuantGen.Onnx.Targets;

/// <summary>
/// Explicit quantization as NVIDIA's own export writes it: signed, symmetric, float weights with operators behind them, biases float,
/// batch normalization for TensorRT to fold.
/// </summary>
internal sealed class TensorRTTarget : ExportTarget
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Action<OnnxGraph>> Passes =>
    [
        TransposeConstants.Run,
        QuantizeResidualOnly.Run,
        RemoveUnused.Run,
        RequireEightBits.Run,
        RequireSymmetric.Run,
        RequireRanges.Run,
        SignedOperators.Run,
    ];
}
