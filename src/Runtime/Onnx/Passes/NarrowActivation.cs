using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Passes;

/// <summary>What to say about activations of a narrow range.</summary>
internal static class NarrowActivation
{
    /// <summary>The note.</summary>
    public static string Note(Quantization quantization)
        => $"Quantizer '{quantization.Quantizer}' has a narrow range in C#; ONNX's operators use all 256 integers, so that values below -amax come out one step lower.";
}
