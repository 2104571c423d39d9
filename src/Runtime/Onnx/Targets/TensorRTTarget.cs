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
    public override bool UsesQuantizers => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<Action<OnnxGraph>> Passes =>
    [
        RequireEightBits.Run,
        TransposeConstants.Run,
        QuantizeResidualOnly.Run,
        RemoveUnused.Run,
        SignedOperators.Run,
    ];
}
