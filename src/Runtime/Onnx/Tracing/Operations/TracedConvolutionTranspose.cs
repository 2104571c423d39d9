using QuantGen.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

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
                $"A transposed {spatial}D convolution is exported for an input of {spatial + 2} dimensions, a batch among them; "
                + $"here it has shape [{string.Join(", ", input.shape)}].");
        }

        Tensor result = Compute(input.Value, weight.Value, bias?.Value, shape, groups);
        (input, long[] behind, long[] outputPadding) = Fit(input, shape);
        return TracedTensor.Record(
            "ConvTranspose", result, bias is null ? [input, weight] : [input, weight, bias],
            ("kernel_shape", shape.Kernel),
            ("strides", shape.Stride),
            ("pads", (long[])[.. shape.Padding, .. behind]),
            ("output_padding", outputPadding),
            ("dilations", shape.Dilation),
            ("group", groups));
    }

    // Torch takes an output padding below the stride or the dilation, ONNX Runtime one below the stride only. What is more is cut off the padding behind,
    // and where that is too small, the input first gets zeros behind it: each makes the output longer by a stride, of nothing but bias.
    private static (TracedTensor Input, long[] Behind, long[] OutputPadding) Fit(TracedTensor input, TransposedShape shape)
    {
        int spatial = shape.Kernel.Length;
        long[] behind = [.. shape.Padding], outputPadding = [.. shape.OutputPadding], zeros = new long[2 * spatial];
        for (int i = 0; i < spatial; i++)
        {
            if (outputPadding[i] >= shape.Stride[i])
            {
                long missing = Math.Max(0, outputPadding[i] - behind[i]);
                long more = (missing + shape.Stride[i] - 1) / shape.Stride[i];
                (behind[i], outputPadding[i]) = (behind[i] - outputPadding[i] + (more * shape.Stride[i]), 0);
                zeros[(2 * (spatial - 1 - i)) + 1] = more;
            }
        }

        return (zeros.Any(size => size != 0) ? TracedPadding.Record(input, zeros, PaddingModes.Constant, 0) : input, behind, outputPadding);
    }

    private static Tensor Compute(Tensor input, Tensor weight, Tensor? bias, TransposedShape shape, long groups) => shape.Kernel.Length switch
    {
        1 => nn.functional.conv_transpose1d(input, weight, bias, shape.Stride[0], shape.Padding[0], shape.OutputPadding[0], shape.Dilation[0], groups),
        2 => nn.functional.conv_transpose2d(input, weight, bias, shape.Stride, shape.Padding, shape.OutputPadding, shape.Dilation, groups),
        _ => nn.functional.conv_transpose3d(input, weight, bias, shape.Stride, shape.Padding, shape.OutputPadding, shape.Dilation, groups),
    };
}
