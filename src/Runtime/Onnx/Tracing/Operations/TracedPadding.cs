using QuantGen.Onnx.Graph;
using QuantGen.Onnx.Writing;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records padding.</summary>
internal static class TracedPadding
{
    /// <summary>Pads as <c>functional.pad</c> does.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="pads">Sizes before and after, of the last dimension first.</param>
    /// <param name="mode">What to pad with.</param>
    /// <param name="value">The number to pad with, for a constant.</param>
    public static TracedTensor Record(TracedTensor input, long[] pads, PaddingModes mode, double value)
    {
        string onnxMode = mode switch
        {
            PaddingModes.Zeros or PaddingModes.Constant => "constant",
            PaddingModes.Reflect => "reflect",
            PaddingModes.Replicate => "edge",
            _ => throw new NotSupportedException(
                $"Padding mode {mode} has no ONNX operator in opset {OnnxModelWriter.Opset}; use zeros, reflect or replicate."),
        };
        int rank = (int)input.ndim;
        long[] both = new long[2 * rank];
        for (int i = 0; i < pads.Length / 2; i++)
        {
            (both[rank - 1 - i], both[(2 * rank) - 1 - i]) = (pads[2 * i], pads[(2 * i) + 1]);
        }

        Tensor result = nn.functional.pad(input.Value, pads, mode == PaddingModes.Zeros ? PaddingModes.Constant : mode, value);
        if (input.Trace is not { } trace)
        {
            return TracedTensor.FromTensor(result);
        }

        GraphValue? padding = onnxMode == "constant" && value != 0 ? trace.ValueOf(TracedTensor.Constant(value, input)) : null;
        GraphValue?[] inputs = [trace.ValueOf(input), trace.Integers("pads", both), .. padding is null ? (GraphValue?[])[] : [padding]];
        return new(trace, trace.Own(result), trace.Add("Pad", result, inputs, ("mode", onnxMode)));
    }
}
