using QuantGen.Modules;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records convolutions of one to three spatial dimensions.</summary>
internal static class TracedConvolution
{
    /// <summary>A convolution with zeros around its input.</summary>
    public static TracedTensor Record(TracedTensor input, TracedTensor weight, TracedTensor? bias, ConvolutionShape shape, long groups)
    {
        int spatial = shape.Kernel.Length;
        if (input.ndim != spatial + 2)
        {
            throw new NotSupportedException(
                $"A {spatial}D convolution is exported for an input of {spatial + 2} dimensions, a batch among them; "
                + $"here it has shape [{string.Join(", ", input.shape)}].");
        }

        Tensor padded = shape.PaddingBefore.Concat(shape.PaddingAfter).Any(size => size != 0)
            ? nn.functional.pad(input.Value, shape.Pads())
            : input.Value;
        Tensor result = Compute(padded, weight.Value, bias?.Value, shape, groups);
        return TracedTensor.Record(
            "Conv", result, bias is null ? [input, weight] : [input, weight, bias],
            ("kernel_shape", shape.Kernel),
            ("strides", shape.Stride),
            ("pads", shape.PaddingOnBothSides()),
            ("dilations", shape.Dilation),
            ("group", groups));
    }

    private static Tensor Compute(Tensor input, Tensor weight, Tensor? bias, ConvolutionShape shape, long groups) => shape.Kernel.Length switch
    {
        1 => nn.functional.conv1d(input, weight, bias, shape.Stride[0], 0, shape.Dilation[0], groups),
        2 => nn.functional.conv2d(input, weight, bias, shape.Stride, [0, 0], shape.Dilation, groups),
        _ => nn.functional.conv3d(input, weight, bias, shape.Stride, [0, 0, 0], shape.Dilation, groups),
    };
}
