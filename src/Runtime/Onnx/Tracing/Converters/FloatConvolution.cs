using QuantGen.Modules;
using QuantGen.Onnx.Tracing.Operations;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Converters;

/// <summary>Records TorchSharp's own convolutions.</summary>
internal static class FloatConvolution
{
    /// <summary>Records.</summary>
    public static TracedTensor Record(Convolution module, TracedTensor input)
    {
        ConvolutionShape shape = module.padding_type is { } named
            ? ConvolutionShape.Of(module.kernel_size, module.stride, named, module.dilation)
            : ConvolutionShape.Of(module.kernel_size, module.stride, module.padding ?? new long[module.kernel_size.Length], module.dilation);
        return Record(input, module.weight, module.bias, shape, module.groups, module.padding_mode);
    }

    /// <summary>Records a transposed one.</summary>
    public static TracedTensor RecordTransposed(ConvolutionTranspose module, TracedTensor input)
    {
        long[] padding = module.padding ?? new long[module.kernel_size.Length];
        TransposedShape shape = new(module.kernel_size, module.stride, padding, module.output_padding, module.dilation);
        if (module.output_padding.Distinct().Count() > 1)
        {
            // TorchSharp 0.107 takes the first entry for all dimensions. The file computes what the module does, so that its result says what it took.
            using Tensor result = module.call(input.Value);
            shape = shape with { OutputPadding = shape.OutputPaddingFor(input.shape, result.shape) };
        }

        return TracedConvolutionTranspose.Record(input, module.weight, module.bias, shape, module.groups);
    }

    /// <summary>Pads, where the padding is not of zeros, and convolves.</summary>
    public static TracedTensor Record(
        TracedTensor input, TracedTensor weight, TracedTensor? bias, ConvolutionShape shape, long groups, PaddingModes paddingMode)
    {
        if (paddingMode != PaddingModes.Zeros)
        {
            input = TracedPadding.Record(input, shape.Pads(), paddingMode, 0);
            shape = ConvolutionShape.Of(shape.Kernel, shape.Stride, new long[shape.Kernel.Length], shape.Dilation);
        }

        return TracedConvolution.Record(input, weight, bias, shape, groups);
    }
}
