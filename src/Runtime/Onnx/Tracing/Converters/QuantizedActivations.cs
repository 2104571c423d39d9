using QuantGen.Modules;
using QuantGen.Numerics.Formats;
using QuantGen.Onnx.Graph;

namespace QuantGen.Onnx.Tracing.Converters;

/// <summary>Records activations with quantized input, and what they quantize inside, as <see cref="QuantActivation"/> computes it.</summary>
internal static class QuantizedActivations
{
    /// <summary>x · sigmoid(x).</summary>
    public static TracedTensor SiLU(QuantSiLU module, TracedTensor input)
        => Of(module, input, quantized => quantized.silu(), (x, known) => x.mul(Known(module, x.sigmoid(), 1, known, x.Trace!)));

    /// <summary>relu6(x + 3) / 6.</summary>
    public static TracedTensor Hardsigmoid(QuantHardsigmoid module, TracedTensor input)
        => Of(module, input, quantized => quantized.hardsigmoid(), (x, known) => Gate(module, x, known));

    /// <summary>x · relu6(x + 3) / 6.</summary>
    public static TracedTensor Hardswish(QuantHardswish module, TracedTensor input)
        => Of(module, input, quantized => quantized.hardswish(), (x, known) => x.mul(Gate(module, x, known)));

    /// <summary>An activation that has nothing to quantize but its input.</summary>
    public static Func<T, TracedTensor, TracedTensor> Simple<T>(Func<T, TracedTensor, TracedTensor> activate)
        where T : QuantActivation
        => (module, input) => Of(module, input, quantized => activate(module, quantized), (quantized, _) => activate(module, quantized));

    private static TracedTensor Of(
        QuantActivation module, TracedTensor input, Func<TracedTensor, TracedTensor> activate, Func<TracedTensor, QuantRange, TracedTensor> quantized)
    {
        TracedTensor given = module.InputQuantizer.call(input);
        TracedTensor result = module.InputQuantizer.KnownRange is { } range && given.Trace is not null ? quantized(given, range) : activate(given);
        return TracedOps.Finish(input, result, module.inplace);
    }

    private static TracedTensor Gate(QuantActivation module, TracedTensor input, QuantRange known)
    {
        GraphTrace trace = input.Trace!;
        TracedTensor three = Known(module, TracedTensor.Constant(QuantHardsigmoid.Offset, input), QuantHardsigmoid.Offset, known, trace);

        // The quantizer clips what is beyond; other targets take the clip, and ONNX Runtime drops it.
        return Known(module, input.add(three).clamp(0, QuantHardsigmoid.Width), QuantHardsigmoid.Width, known, trace).mul(1 / QuantHardsigmoid.Width);
    }

    private static TracedTensor Known(QuantActivation module, TracedTensor values, float largest, QuantRange range, GraphTrace trace)
    {
        Quantization quantization = new(trace.PathOf(module), module.InputQuantizer.NumBits, Unsigned: true, NarrowRange: false, Axes: [], [largest]);
        return trace.RecordQuantizer(values, TensorQuantizer.QuantizeKnown(values.Value, largest, range), quantization);
    }
}
