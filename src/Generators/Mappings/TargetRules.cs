using Microsoft.CodeAnalysis;

namespace QuantGen.Generators.Mappings;

/// <summary>What a target wants of a generated model: one value for each member of <c>QuantTarget</c>.</summary>
/// <param name="QuantizesBothAddends">Whether both operands of a residual addition are quantized, or the residual one alone.</param>
/// <param name="QuantizesConcatenations">Whether the tensors of a concatenation are quantized.</param>
/// <param name="QuantizesActivations">Whether what activations and products read is quantized, so that the layer before them can give integers.</param>
/// <param name="HasUnsignedActivations">Whether activations that are never negative get an unsigned range.</param>
/// <param name="HasAffineActivations">Whether activations that may be negative get an affine range unless something else is said.</param>
internal sealed record TargetRules(
    bool QuantizesBothAddends, bool QuantizesConcatenations, bool QuantizesActivations, bool HasUnsignedActivations, bool HasAffineActivations)
{
    /// <summary>Of NVIDIA's developer guide, "Q/DQ layer-placement recommendations".</summary>
    public static readonly TargetRules TensorRT = new(
        QuantizesBothAddends: false, QuantizesConcatenations: false, QuantizesActivations: false, HasUnsignedActivations: false, HasAffineActivations: false);

    /// <summary>
    /// Of ONNX Runtime's CPU provider, which has integer kernels for additions, products and concatenations, absorbs a ReLU into an unsigned activation, and
    /// computes a layer in integers only where its output is quantized; zero-points cost nothing there.
    /// </summary>
    public static readonly TargetRules OnnxRuntime = new(
        QuantizesBothAddends: true, QuantizesConcatenations: true, QuantizesActivations: true, HasUnsignedActivations: true, HasAffineActivations: true);

    /// <summary>The rules of the enum's member that an attribute names.</summary>
    public static TargetRules Of(TypedConstant target)
    {
        string? name = target.Type?.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(member => member.HasConstantValue && Equals(member.ConstantValue, target.Value))?.Name;
        return name == nameof(OnnxRuntime) ? OnnxRuntime : TensorRT;
    }
}
