using QuantGen.Modules;
using QuantGen.Onnx.Tracing.Operations;

namespace QuantGen.Onnx.Tracing.Converters;

/// <summary>Records the quantized modules.</summary>
internal static class QuantizedLayers
{
    /// <summary>A convolution of the quantized input and the quantized weight; padding comes after quantization.</summary>
    public static TracedTensor Convolution(QuantConvolution module, TracedTensor input)
    {
        TracedTensor quantized = module.InputQuantizer.call(input);
        return FloatConvolution.Record(quantized, Weight(module, input), module.bias, module.Shape, module.groups, module.padding_mode);
    }

    /// <summary>A linear layer of the quantized input and the quantized weight.</summary>
    public static TracedTensor Linear(QuantLinear module, TracedTensor input)
    {
        TracedTensor quantized = module.InputQuantizer.call(input);
        return TracedLinear.Record(quantized, Weight(module, input), module.bias);
    }

    /// <summary>A transposed convolution of the quantized input and the quantized weight.</summary>
    public static TracedTensor ConvolutionTranspose(QuantConvolutionTranspose module, TracedTensor input)
    {
        TracedTensor quantized = module.InputQuantizer.call(input);
        return TracedConvolutionTranspose.Record(quantized, Weight(module, input), module.bias, module.Shape, module.groups);
    }

    /// <summary>The largest values of the quantized input.</summary>
    public static TracedTensor MaxPool(QuantMaxPool module, TracedTensor input)
    {
        PoolWindow w = module.Window;
        return TracedPooling.Max(module.InputQuantizer.call(input), w.Kernel, w.Stride, w.Padding, w.Dilation, w.CeilMode, w.Kernel.Length);
    }

    /// <summary>Means of the quantized input.</summary>
    public static TracedTensor AveragePool(QuantAvgPool module, TracedTensor input)
    {
        PoolWindow w = module.Window;
        return TracedPooling.Average(
            module.InputQuantizer.call(input), w.Kernel, w.Stride, w.Padding, w.CeilMode, module.count_include_pad, module.divisor_override, w.Kernel.Length);
    }

    /// <summary>Means of the quantized input, as many as wanted.</summary>
    public static TracedTensor AdaptiveAveragePool(QuantAdaptiveAvgPool module, TracedTensor input)
        => TracedPooling.AdaptiveAverage(module.InputQuantizer.call(input), module.output_size, module.output_size.Length);

    /// <summary>An instance normalization of the quantized input.</summary>
    public static TracedTensor InstanceNorm(QuantInstanceNorm module, int spatial, TracedTensor input) => TracedNormalization.OfBatch(
        module.InputQuantizer.call(input), spatial,
        batch => TracedNormalization.Instance(
            batch, module.running_mean, module.running_var, module.affine ? module.weight : null, module.bias, !module.track_running_stats, module.eps));

    private static TracedTensor Weight(QuantInputWeightModule module, TracedTensor input)
        => QuantizerConverter.RecordWeight(module.WeightQuantizer, module.weight, input.Trace!);
}
