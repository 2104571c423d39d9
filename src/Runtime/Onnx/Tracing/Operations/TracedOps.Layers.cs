using QuantGen.Modules;
using QuantGen.Onnx.Tracing.Operations;
using TorchSharp;

namespace QuantGen.Onnx;

public static partial class TracedOps
{
    /// <summary>A 2D convolution.</summary>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="weight">The weight, [out, C / groups, kH, kW].</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="strides">The steps.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distances between kernel elements.</param>
    /// <param name="groups">The number of groups of channels that do not see each other.</param>
    public static TracedTensor conv2d(
        TracedTensor input, TracedTensor weight, TracedTensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
        => TracedConvolution.Record(
            input, weight, bias, ConvolutionShape.Of(weight.shape[2..], Pair(strides, 1), Pair(padding, 0), Pair(dilation, 1)), groups);

    /// <summary>x · Wᵀ + b.</summary>
    /// <param name="input">The input, [*, in].</param>
    /// <param name="weights">The weight, [out, in].</param>
    /// <param name="bias">The bias, or null.</param>
    public static TracedTensor linear(TracedTensor input, TracedTensor weights, TracedTensor? bias = null) => TracedLinear.Record(input, weights, bias);

    /// <summary>Pads the last dimensions.</summary>
    /// <param name="input">The tensor.</param>
    /// <param name="pad">Sizes before and after, of the last dimension first.</param>
    /// <param name="mode">What to pad with.</param>
    /// <param name="value">The number to pad with, for a constant.</param>
    public static TracedTensor pad(TracedTensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
        => TracedPadding.Record(input, pad, mode, value);

    /// <inheritdoc cref="pad(TracedTensor, long[], PaddingModes, double)"/>
    public static TracedTensor pad(TracedTensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
        => TracedPadding.Record(input, pad.ToArray(), mode, value);

    /// <inheritdoc cref="pad(TracedTensor, long[], PaddingModes, double)"/>
    public static TracedTensor pad(TracedTensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
        => TracedPadding.Record(input, [pad.Item1, pad.Item2], mode, value);

    /// <inheritdoc cref="pad(TracedTensor, long[], PaddingModes, double)"/>
    public static TracedTensor pad(TracedTensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
        => TracedPadding.Record(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

    /// <summary>The largest value of each window.</summary>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="kernel_size">The sizes of the window.</param>
    /// <param name="strides">The steps; the window's sizes unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distances between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    public static TracedTensor max_pool2d(
        TracedTensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false)
        => TracedPooling.Max(input, kernel_size, strides, padding, dilation, ceil_mode);

    /// <inheritdoc cref="max_pool2d(TracedTensor, long[], long[], long[], long[], bool)"/>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="kernel_size">The size of the window.</param>
    /// <param name="stride">The step; the window's size unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distance between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    public static TracedTensor max_pool2d(
        TracedTensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false)
        => TracedPooling.Max(input, [kernel_size, kernel_size], Pair(stride), Pair(padding), Pair(dilation), ceil_mode);

    /// <inheritdoc cref="max_pool2d(TracedTensor, long[], long[], long[], long[], bool)"/>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="kernel_size">The sizes of the window.</param>
    /// <param name="stride">The steps; the window's sizes unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="dilation">The distances between elements of a window.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    public static TracedTensor max_pool2d(
        TracedTensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null,
        bool ceil_mode = false)
        => TracedPooling.Max(input, [kernel_size.Item1, kernel_size.Item2], Pair(stride), Pair(padding), Pair(dilation), ceil_mode);

    /// <summary>The mean of each window.</summary>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="kernel_size">The sizes of the window.</param>
    /// <param name="stride">The steps; the window's sizes unless said otherwise.</param>
    /// <param name="padding">The padding on both sides.</param>
    /// <param name="ceil_mode">Whether the output's size is rounded up.</param>
    /// <param name="count_include_pad">Whether the padding counts in the mean.</param>
    /// <param name="divisor_override">Cannot be exported.</param>
    public static TracedTensor avg_pool2d(
        TracedTensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true,
        long? divisor_override = null)
        => TracedPooling.Average(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

    /// <inheritdoc cref="avg_pool2d(TracedTensor, long[], long[], long[], bool, bool, long?)"/>
    public static TracedTensor avg_pool2d(
        TracedTensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true,
        long? divisor_override = null)
        => TracedPooling.Average(input, [kernel_size, kernel_size], Pair(stride), [padding, padding], ceil_mode, count_include_pad, divisor_override);

    /// <inheritdoc cref="avg_pool2d(TracedTensor, long[], long[], long[], bool, bool, long?)"/>
    public static TracedTensor avg_pool2d(
        TracedTensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false,
        bool count_include_pad = true, long? divisor_override = null)
        => TracedPooling.Average(
            input, [kernel_size.Item1, kernel_size.Item2], Pair(stride), Pair(padding), ceil_mode, count_include_pad, divisor_override);

    /// <summary>Means over windows that share the input evenly.</summary>
    /// <param name="input">The input, [N, C, H, W].</param>
    /// <param name="output_size">The sizes of the output, 1 or divisors of the input's.</param>
    public static TracedTensor adaptive_avg_pool2d(TracedTensor input, long[] output_size) => TracedPooling.AdaptiveAverage(input, output_size);

    /// <inheritdoc cref="adaptive_avg_pool2d(TracedTensor, long[])"/>
    public static TracedTensor adaptive_avg_pool2d(TracedTensor input, (long, long) output_size)
        => TracedPooling.AdaptiveAverage(input, [output_size.Item1, output_size.Item2]);

    /// <inheritdoc cref="adaptive_avg_pool2d(TracedTensor, long[])"/>
    public static TracedTensor adaptive_avg_pool2d(TracedTensor input, long output_size) => TracedPooling.AdaptiveAverage(input, [output_size, output_size]);

    private static long[] Pair(long[]? values, long otherwise) => values switch
    {
        null => [otherwise, otherwise],
        [long one] => [one, one],
        _ => values,
    };

    private static long[]? Pair((long, long)? values) => values is { } pair ? [pair.Item1, pair.Item2] : null;

    private static long[]? Pair(long? value) => value is { } size ? [size, size] : null;
}
