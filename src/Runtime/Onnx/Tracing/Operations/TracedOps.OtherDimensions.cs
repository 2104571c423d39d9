using QuantGen.Modules;
using QuantGen.Onnx.Tracing.Operations;

namespace QuantGen.Onnx;

// Layers over sequences and volumes, and transposed convolutions.
public static partial class TracedOps
{
    /// <summary>A 1D convolution.</summary>
    /// <param name="input">The input, [N, C, L].</param>
    /// <param name="weight">The weight, [out, C / groups, k].</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="stride">The step.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distance between kernel elements.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    public static TracedTensor conv1d(
        TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1)
        => TracedConvolution.Record(input, weight, bias, ConvolutionShape.Of(weight.shape[2..], [stride ?? 1], [padding ?? 0], [dilation ?? 1]), groups);

    /// <summary>A 3D convolution.</summary>
    /// <param name="input">The input, [N, C, D, H, W].</param>
    /// <param name="weight">The weight, [out, C / groups, kD, kH, kW].</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="strides">The steps.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distances between kernel elements.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    public static TracedTensor conv3d(
        TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
        => TracedConvolution.Record(
            input, weight, bias, ConvolutionShape.Of(weight.shape[2..], Filled(strides, 3, 1), Filled(padding, 3, 0), Filled(dilation, 3, 1)), groups);

    /// <summary>A transposed 1D convolution.</summary>
    /// <param name="input">The input, [N, C, L].</param>
    /// <param name="weight">The weight, [C, out / groups, k].</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="stride">The step.</param>
    /// <param name="padding">What is cut off on both sides.</param>
    /// <param name="output_padding">What is added at the end.</param>
    /// <param name="dilation">The distance between kernel elements.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    public static TracedTensor conv_transpose1d(
        TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null,
        long? dilation = null, long groups = 1)
        => TracedConvolutionTranspose.Record(
            input, weight, bias, new(weight.shape[2..], [stride ?? 1], [padding ?? 0], [output_padding ?? 0], [dilation ?? 1]), groups);

    /// <summary>A transposed 2D convolution.</summary>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="weight">The weight, [C, out / groups, kH, kW].</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="strides">The steps.</param>
    /// <param name="padding">What is cut off on both sides.</param>
    /// <param name="output_padding">What is added at the end.</param>
    /// <param name="dilation">The distances between kernel elements.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    public static TracedTensor conv_transpose2d(
        TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null,
        long[]? dilation = null, long groups = 1)
        => TracedConvolutionTranspose.Record(input, weight, bias, Transposed(weight, 2, strides, padding, output_padding, dilation), groups);

    /// <summary>A transposed 3D convolution.</summary>
    /// <param name="input">The input, [N, C, D, H, W].</param>
    /// <param name="weight">The weight, [C, out / groups, kD, kH, kW].</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="strides">The steps.</param>
    /// <param name="padding">What is cut off on both sides.</param>
    /// <param name="output_padding">What is added at the end.</param>
    /// <param name="dilation">The distances between kernel elements.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    public static TracedTensor conv_transpose3d(
        TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null,
        long[]? dilation = null, long groups = 1)
        => TracedConvolutionTranspose.Record(input, weight, bias, Transposed(weight, 3, strides, padding, output_padding, dilation), groups);

    /// <summary>The largest value of each window.</summary>
    /// <param name="input">The input, [N, C, L].</param>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distance between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    public static TracedTensor max_pool1d(
        TracedTensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
        => TracedPooling.Max(input, [kernel_size], Single(stride), Single(padding), Single(dilation), ceil_mode, spatial: 1);

    /// <summary>The largest value of each window.</summary>
    /// <param name="input">The input, [N, C, D, H, W].</param>
    /// <param name="kernel_size">The sizes of the window.</param>
    /// <param name="strides">The steps; the window's sizes unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distances between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    public static TracedTensor max_pool3d(
        TracedTensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
        => TracedPooling.Max(input, kernel_size, strides, padding, dilation, ceil_mode, spatial: 3);

    /// <summary>The mean of each window.</summary>
    /// <param name="input">The input, [N, C, L].</param>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="count_include_pad">Whether the padding counts in the mean.</param>
    public static TracedTensor avg_pool1d(
        TracedTensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true)
        => TracedPooling.Average(input, [kernel_size], Single(stride), Single(padding), ceil_mode, count_include_pad, null, spatial: 1);

    /// <summary>The mean of each window.</summary>
    /// <param name="input">The input, [N, C, D, H, W].</param>
    /// <param name="kernel_size">The sizes of the window.</param>
    /// <param name="stride">The steps; the window's sizes unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="count_include_pad">Whether the padding counts in the mean.</param>
    /// <param name="divisor_override">Cannot be exported.</param>
    public static TracedTensor avg_pool3d(
        TracedTensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true,
        long? divisor_override = null)
        => TracedPooling.Average(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override, spatial: 3);

    /// <summary>Means over windows that share the input evenly.</summary>
    /// <param name="input">The input, [N, C, L].</param>
    /// <param name="output_size">The size of the output, 1 or a divisor of the input's.</param>
    public static TracedTensor adaptive_avg_pool1d(TracedTensor input, long output_size) => TracedPooling.AdaptiveAverage(input, [output_size], spatial: 1);

    /// <summary>Means over windows that share the input evenly.</summary>
    /// <param name="input">The input, [N, C, D, H, W].</param>
    /// <param name="output_size">The sizes of the output, 1 or divisors of the input's.</param>
    public static TracedTensor adaptive_avg_pool3d(TracedTensor input, long[] output_size) => TracedPooling.AdaptiveAverage(input, output_size, spatial: 3);

    /// <inheritdoc cref="adaptive_avg_pool3d(TracedTensor, long[])"/>
    public static TracedTensor adaptive_avg_pool3d(TracedTensor input, (long, long, long) output_size)
        => adaptive_avg_pool3d(input, [output_size.Item1, output_size.Item2, output_size.Item3]);

    /// <inheritdoc cref="adaptive_avg_pool3d(TracedTensor, long[])"/>
    public static TracedTensor adaptive_avg_pool3d(TracedTensor input, long output_size) => adaptive_avg_pool3d(input, [output_size, output_size, output_size]);

    /// <summary>The largest values of windows that share the input evenly.</summary>
    /// <param name="input">The input, [N, C, L].</param>
    /// <param name="output_size">The size of the output, 1 or a divisor of the input's.</param>
    public static TracedTensor adaptive_max_pool1d(TracedTensor input, long output_size) => TracedPooling.AdaptiveMax(input, [output_size], spatial: 1);

    /// <summary>The largest values of windows that share the input evenly.</summary>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="output_size">The sizes of the output, 1 or divisors of the input's.</param>
    public static TracedTensor adaptive_max_pool2d(TracedTensor input, long[] output_size) => TracedPooling.AdaptiveMax(input, output_size, spatial: 2);

    private static TransposedShape Transposed(TracedTensor weight, int spatial, long[]? strides, long[]? padding, long[]? outputPadding, long[]? dilation)
        => new(weight.shape[2..], Filled(strides, spatial, 1), Filled(padding, spatial, 0), Filled(outputPadding, spatial, 0), Filled(dilation, spatial, 1));

    private static long[] Filled(long[]? values, int count, long otherwise) => values switch
    {
        null => [.. Enumerable.Repeat(otherwise, count)],
        [long one] => [.. Enumerable.Repeat(one, count)],
        _ => values,
    };

    private static long[]? Single(long? value) => value is { } size ? [size] : null;
}
