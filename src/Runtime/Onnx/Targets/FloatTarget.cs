using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Passes;

namespace QuantGen.Onnx.Targets;

/// <summary>The model without its quantizers, as any exporter writes it.</summary>
internal sealed class FloatTarget : ExportTarget
{
    /// <inheritdoc/>
    protected override IReadOnlyList<Action<OnnxGraph>> Passes =>
    [
        RemoveQuantizers.Run,
        TransposeConstants.Run,
        FoldBatchNorm.Run,
        RemoveUnused.Run,
    ];
}
