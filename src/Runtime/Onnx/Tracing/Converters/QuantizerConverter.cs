using QuantGen.Onnx.Graph;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Converters;

/// <summary>Records quantizers.</summary>
internal static class QuantizerConverter
{
    /// <summary>Records a quantizer; one that is disabled or does not quantize leaves no trace.</summary>
    public static TracedTensor Record(TensorQuantizer quantizer, TracedTensor input)
    {
        if (!quantizer.IsEnabled || !quantizer.IsQuantizing || input.Trace is not { } trace)
        {
            return input.alias();
        }

        return Record(quantizer, input, trace);
    }

    /// <summary>Records the quantizer of a weight.</summary>
    public static TracedTensor RecordWeight(TensorQuantizer quantizer, Tensor weight, GraphTrace trace)
        => quantizer.IsEnabled && quantizer.IsQuantizing
            ? trace.Inside(quantizer, () => Record(quantizer, weight, trace))
            : weight;

    private static TracedTensor Record(TensorQuantizer quantizer, TracedTensor input, GraphTrace trace)
    {
        if (!quantizer.Descriptor.FakeQuant)
        {
            throw new NotSupportedException("A quantizer that returns integers (FakeQuant = false) has no place in an exported model; let it fake-quantize.");
        }

        // Not by calling the quantizer: one that is calibrating would collect the example, too.
        using Tensor amax = quantizer.EffectiveAmax(input.Value);
        Tensor value = quantizer.NumBits.IsE4M3
            ? input.Value.alias()
            : FakeQuant.Quantize(input.Value, amax, quantizer.Range, rejectNegative: false);
        Quantization quantization = new(
            trace.PathOf(quantizer), quantizer.NumBits, quantizer.Unsigned, quantizer.NarrowRange, Axes(quantizer, amax, input.Value), GraphTrace.ToFloats(amax));
        return trace.RecordQuantizer(input, value, quantization);
    }

    // By the shape that amax broadcasts from, which says more than the descriptor: an amax that a user set may have any.
    private static int[] Axes(TensorQuantizer quantizer, Tensor amax, Tensor input)
    {
        if (amax.numel() == 1)
        {
            return quantizer.Axis is [int axis] && amax.ndim > 0 ? [(int)(axis < 0 ? axis + input.ndim : axis)] : [];
        }

        int offset = (int)(input.ndim - amax.ndim);
        return [.. Enumerable.Range(0, (int)amax.ndim).Where(dim => amax.shape[dim] != 1).Select(dim => dim + offset)];
    }
}
