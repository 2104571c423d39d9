using QuantGen.Modules;

namespace QuantGen.Onnx.Converters;

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

    /// <summary>A pool of the quantized input.</summary>
    public static TracedTensor AdaptiveAveragePool(QuantAdaptiveAvgPool2d module, TracedTensor input)
        => TracedPooling.AdaptiveAverage(module.InputQuantizer.call(input), [.. module.output_size]);

    private static TracedTensor Weight(QuantInputWeightModule module, TracedTensor input)
        => QuantizerConverter.RecordWeight(module.WeightQuantizer, module.weight, input.Trace!);
}
