using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Passes;

namespace QuantGen.Onnx.Targets;

/// <summary>
/// What ONNX Runtime on CPU turns into integer kernels: unsigned activations, signed weights stored as integers, each tensor quantized once.
/// </summary>
internal sealed class OnnxRuntimeTarget : ExportTarget
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Action<OnnxGraph>> Passes =>
    [
        RemoveUnused.Run,
        RequireEightBits.Run,
        RequireRanges.Run,
        TransposeConstants.Run,
        RequireSymmetric.RunForWeights,
        ActivateBeforeRearrangement.Run,
        MergeEqualQuantizers.Run,
        QuantizeBehindPadding.Run,
        QuantizeBeforeRearrangement.Run,
        MergeEqualQuantizers.Run,
        QuantizeConstants.Run,
        FoldBatchNorm.Run,
        UnsignedOperators.Run,
        FoldScaling.Run,
        QuantizeBias.Run,
        RemoveUnused.Run,
        SeparateWeights.Run,
        ExplainFloatOperators.Run,
    ];
}
