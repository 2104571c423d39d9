using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records pools over one to three spatial dimensions.</summary>
internal static class TracedPooling
{
    /// <summary>The largest value of each window.</summary>
    public static TracedTensor Max(TracedTensor input, long[] kernel, long[]? stride, long[]? padding, long[]? dilation, bool ceilMode, int spatial = 2)
    {
        RequireBatch(input, spatial);
        Tensor result = spatial switch
        {
            1 => nn.functional.max_pool1d(input.Value, kernel[0], stride?[0], padding?[0], dilation?[0], ceilMode),
            2 => nn.functional.max_pool2d(input.Value, kernel, stride, padding, dilation, ceilMode),
            _ => nn.functional.max_pool3d(input.Value, kernel, stride, padding, dilation, ceilMode),
        };
        PoolingShape shape = PoolingShape.Of(input.shape, result.shape, kernel, stride, padding, dilation);
        return TracedTensor.Record(
            "MaxPool", result, [input],
            ("kernel_shape", shape.Kernel), ("strides", shape.Stride), ("pads", shape.Pads), ("dilations", shape.Dilation));
    }

    /// <summary>The mean of each window.</summary>
    public static TracedTensor Average(
        TracedTensor input, long[] kernel, long[]? stride, long[]? padding, bool ceilMode, bool countIncludePad, long? divisorOverride, int spatial = 2)
    {
        RequireBatch(input, spatial);
        if (divisorOverride is not null)
        {
            throw new NotSupportedException("An average pool with divisor_override cannot be exported; multiply its result instead.");
        }

        Tensor result = spatial switch
        {
            1 => nn.functional.avg_pool1d(input.Value, kernel[0], stride?[0], padding?[0], ceilMode, countIncludePad),
            2 => nn.functional.avg_pool2d(input.Value, kernel, stride, padding, ceilMode, countIncludePad),
            _ => nn.functional.avg_pool3d(input.Value, kernel, stride, padding, ceilMode, countIncludePad),
        };
        PoolingShape shape = PoolingShape.Of(input.shape, result.shape, kernel, stride, padding, dilation: null);
        bool isPadded = shape.Padding.Any(size => size != 0);
        if (shape.IsExtended && countIncludePad && isPadded)
        {
            throw new NotSupportedException(
                "An average pool with ceil_mode and count_include_pad cannot be exported where a window reaches over the padding; use one of the two.");
        }

        return TracedTensor.Record(
            "AveragePool", result, [input],
            ("kernel_shape", shape.Kernel), ("strides", shape.Stride), ("pads", shape.Pads), ("count_include_pad", countIncludePad && isPadded ? 1 : 0));
    }

    /// <summary>Means over windows that share the input evenly.</summary>
    public static TracedTensor AdaptiveAverage(TracedTensor input, long[] outputSize, int spatial = 2)
    {
        RequireBatch(input, spatial);
        long[] size = input.shape[2..];
        long[] output = [.. Enumerable.Range(0, spatial).Select(i => outputSize[outputSize.Length == 1 ? 0 : i]).Select((wanted, i) => wanted < 0 ? size[i] : wanted)];
        if (output.All(wanted => wanted == 1))
        {
            return TracedTensor.Record(
                "GlobalAveragePool", input.Value.mean([.. Enumerable.Range(2, spatial).Select(axis => (long)axis)], keepdim: true), [input]);
        }

        if (output.AsSpan().SequenceEqual(size))
        {
            // As in torch, a new tensor.
            return input.clone();
        }

        if (size.Where((length, i) => length % output[i] != 0).Any())
        {
            throw new NotSupportedException(
                $"An adaptive average pool from {string.Join('x', size)} to {string.Join('x', output)} has windows of different sizes and cannot be exported; choose an output size that divides the input's.");
        }

        long[] kernel = [.. size.Select((length, i) => length / output[i])];
        return Average(input, kernel, kernel, null, ceilMode: false, countIncludePad: true, divisorOverride: null, spatial);
    }

    /// <summary>The largest values of windows that share the input evenly.</summary>
    public static TracedTensor AdaptiveMax(TracedTensor input, long[] outputSize, int spatial)
    {
        RequireBatch(input, spatial);
        long[] size = input.shape[2..];
        long[] output = [.. Enumerable.Range(0, spatial).Select(i => outputSize[outputSize.Length == 1 ? 0 : i]).Select((wanted, i) => wanted < 0 ? size[i] : wanted)];
        if (size.Where((length, i) => length % output[i] != 0).Any())
        {
            throw new NotSupportedException(
                $"An adaptive max pool from {string.Join('x', size)} to {string.Join('x', output)} has windows of different sizes and cannot be exported; choose an output size that divides the input's.");
        }

        long[] kernel = [.. size.Select((length, i) => length / output[i])];
        return Max(input, kernel, kernel, null, null, ceilMode: false, spatial);
    }

    private static void RequireBatch(TracedTensor input, int spatial)
    {
        if (input.ndim != spatial + 2)
        {
            string sizes = spatial switch { 1 => "L", 2 => "H, W", _ => "D, H, W" };
            throw new NotSupportedException(
                $"A {spatial}D pool is exported for an input [N, C, {sizes}]; here it has shape [{string.Join(", ", input.shape)}].");
        }
    }
}
