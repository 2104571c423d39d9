using static TorchSharp.torch;

namespace QuantGen.Onnx;

/// <summary>Records 2D pools.</summary>
internal static class TracedPooling
{
    /// <summary>The largest value of each window.</summary>
    public static TracedTensor Max(TracedTensor input, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode)
    {
        RequireImages(input);
        Tensor result = nn.functional.max_pool2d(input.Value, kernel, stride, padding, dilation, ceilMode);
        PoolingShape shape = PoolingShape.Of(input.shape, result.shape, kernel, stride, padding, dilation);
        return TracedTensor.Record(
            "MaxPool", result, 0, [input],
            ("kernel_shape", shape.Kernel), ("strides", shape.Stride), ("pads", shape.Pads), ("dilations", shape.Dilation));
    }

    /// <summary>The mean of each window.</summary>
    public static TracedTensor Average(
        TracedTensor input, long[] kernel, long[]? stride, long[]? padding, bool ceilMode, bool countIncludePad, long? divisorOverride)
    {
        RequireImages(input);
        if (divisorOverride is not null)
        {
            throw new NotSupportedException("An average pool with divisor_override cannot be exported; multiply its result instead.");
        }

        Tensor result = nn.functional.avg_pool2d(input.Value, kernel, stride, padding, ceilMode, countIncludePad, divisorOverride);
        PoolingShape shape = PoolingShape.Of(input.shape, result.shape, kernel, stride, padding, dilation: null);
        bool isPadded = shape.Padding.Any(size => size != 0);
        if (shape.IsExtended && countIncludePad && isPadded)
        {
            throw new NotSupportedException(
                "An average pool with ceil_mode and count_include_pad cannot be exported where a window reaches over the padding; use one of the two.");
        }

        return TracedTensor.Record(
            "AveragePool", result, 0, [input],
            ("kernel_shape", shape.Kernel), ("strides", shape.Stride), ("pads", shape.Pads), ("count_include_pad", countIncludePad && isPadded ? 1 : 0));
    }

    /// <summary>Means over windows that share the input evenly.</summary>
    public static TracedTensor AdaptiveAverage(TracedTensor input, long[] outputSize)
    {
        RequireImages(input);
        long[] size = input.shape[2..];
        long[] output = [.. Enumerable.Range(0, 2).Select(i => outputSize[outputSize.Length == 1 ? 0 : i]).Select((wanted, i) => wanted < 0 ? size[i] : wanted)];
        if (output is [1, 1])
        {
            return TracedTensor.Record("GlobalAveragePool", nn.functional.adaptive_avg_pool2d(input.Value, output), 0, [input]);
        }

        if (output.AsSpan().SequenceEqual(size))
        {
            return input.alias();
        }

        if (size[0] % output[0] != 0 || size[1] % output[1] != 0)
        {
            throw new NotSupportedException(
                $"An adaptive average pool from {size[0]}x{size[1]} to {output[0]}x{output[1]} has windows of different sizes and cannot be exported; choose an output size that divides the input's.");
        }

        long[] kernel = [size[0] / output[0], size[1] / output[1]];
        return Average(input, kernel, kernel, null, ceilMode: false, countIncludePad: true, divisorOverride: null);
    }

    private static void RequireImages(TracedTensor input)
    {
        if (input.ndim != 4 || input.BatchAxis is not 0)
        {
            throw new NotSupportedException(
                $"A 2D pool is exported for an input [N, C, H, W], the batch first; here it has shape [{string.Join(", ", input.shape)}].");
        }
    }
}
