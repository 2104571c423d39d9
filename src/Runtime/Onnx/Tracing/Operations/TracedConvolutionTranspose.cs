using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Onnx;

/// <summary>Records transposed convolutions.</summary>
internal static class TracedConvolutionTranspose
{
    /// <summary>A transposed convolution of [N, C, spatial…] with a weight [C, out / groups, kernel…].</summary>
    public static TracedTensor Record(TracedTensor input, TracedTensor weight, TracedTensor? bias, TransposedShape shape, long groups)
    {
        int spatial = shape.Kernel.Length;
        if (input.ndim != spatial + 2)
        {
            throw new NotSupportedException(
                $"A transposed {spatial}D convolution is exported for an input of {spatial + 2} dimensions, a batch among them; here it has shape [{string.Join(", ", input.shape)}].");
        }

        return TracedTensor.Record(
            "ConvTranspose", Compute(input.Value, weight.Value, bias?.Value, shape, groups), bias is null ? [input, weight] : [input, weight, bias],
            ("kernel_shape", shape.Kernel),
            ("strides", shape.Stride),
            ("pads", (long[])[.. shape.Padding, .. shape.Padding]),
            ("output_padding", shape.OutputPadding),
            ("dilations", shape.Dilation),
            ("group", groups));
    }

    private static Tensor Compute(Tensor input, Tensor weight, Tensor? bias, TransposedShape shape, long groups) => shape.Kernel.Length switch
    {
        1 => nn.functional.conv_transpose1d(input, weight, bias, shape.Stride[0], shape.Padding[0], shape.OutputPadding[0], shape.Dilation[0], groups),
        2 => nn.functional.conv_transpose2d(input, weight, bias, shape.Stride, shape.Padding, shape.OutputPadding, shape.Dilation, groups),
        _ => nn.functional.conv_transpose3d(input, weight, bias, shape.Stride, shape.Padding, shape.OutputPadding, shape.Dilation, groups),
    };
}
