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

    /// <summary>A quantized constant: its quantizer is recorded where an operation reads it.</summary>
    public static TracedTensor Constant(TensorQuantizer quantizer, Tensor constant)
    {
        if (!quantizer.IsEnabled || !quantizer.IsQuantizing)
        {
            return constant;
        }

        using Tensor amax = quantizer.EffectiveAmax(constant);
        return new(quantizer, constant, Quantize(quantizer, constant, amax));
    }

    /// <summary>Records the quantizer of a weight.</summary>
    public static TracedTensor RecordWeight(TensorQuantizer quantizer, Tensor weight, GraphTrace trace)
        => quantizer.IsEnabled && quantizer.IsQuantizing
            ? trace.Inside(quantizer, () => Record(quantizer, weight, trace))
            : weight;

    private static TracedTensor Record(TensorQuantizer quantizer, TracedTensor input, GraphTrace trace)
    {
        using Tensor amax = quantizer.EffectiveAmax(input.Value);
        Tensor value = Quantize(quantizer, input.Value, amax);

        // The range of the example is not that of a quantizer that was not calibrated: a target that needs a range asks for it.
        float[] ranges = quantizer.Amax is null ? [] : GraphTrace.ToFloats(amax);
        Quantization quantization = new(
            trace.PathOf(quantizer), quantizer.NumBits, quantizer.Unsigned, quantizer.NarrowRange, Axes(quantizer, amax, input.Value), ranges);
        return trace.RecordQuantizer(input, value, quantization);
    }

    // Not by calling the quantizer: one that is calibrating would collect the example, too.
    private static Tensor Quantize(TensorQuantizer quantizer, Tensor input, Tensor amax)
    {
        if (!quantizer.Descriptor.FakeQuant)
        {
            throw new NotSupportedException("A quantizer that returns integers (FakeQuant = false) has no place in an exported model; let it fake-quantize.");
        }

        return quantizer.NumBits.IsE4M3 ? input.alias() : FakeQuant.Quantize(input, amax, quantizer.Range, rejectNegative: false);
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
