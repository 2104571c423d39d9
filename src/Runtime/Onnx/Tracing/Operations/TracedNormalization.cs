using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records normalizations that take their statistics from the sample.</summary>
internal static class TracedNormalization
{
    /// <summary>(x - mean) / √(variance + ε) · weight + bias over the last dimensions.</summary>
    public static TracedTensor Layer(TracedTensor input, long[] shape, TracedTensor? weight, TracedTensor? bias, double eps)
    {
        Tensor value = nn.functional.layer_norm(input.Value, shape, weight?.Value, bias?.Value, eps);
        weight ??= TracedTensor.FromTensor(ones(shape, dtype: ScalarType.Float32, device: input.device));
        return TracedTensor.Record(
            "LayerNormalization", value, bias is null ? [input, weight] : [input, weight, bias], ("axis", -shape.Length), ("epsilon", (float)eps));
    }

    /// <summary>The same over groups of channels. Opset 17 has no operator for it; a group is an instance of an instance normalization.</summary>
    public static TracedTensor Group(TracedTensor input, long groups, TracedTensor? weight, TracedTensor? bias, double eps)
    {
        TracedTensor grouped = Normalize(input.reshape(input.shape[0], groups, -1), null, null, eps).reshape(input.shape);
        TracedTensor scaled = weight is null ? grouped : grouped.mul(OfChannels(weight, input));
        return bias is null ? scaled : scaled.add(OfChannels(bias, input));
    }

    /// <summary>The same over each channel of [N, C, spatial…], or with running statistics.</summary>
    public static TracedTensor Instance(
        TracedTensor input, TracedTensor? mean, TracedTensor? variance, TracedTensor? weight, TracedTensor? bias, bool useInputStatistics, double eps)
        => useInputStatistics || mean is null || variance is null
            ? Normalize(input, weight, bias, eps)
            : TracedBatchNorm.Record(input, mean, variance, weight, bias, eps);

    /// <summary>Records TorchSharp's module.</summary>
    public static TracedTensor Instance(InstanceNorm module, int spatial, TracedTensor input) => OfBatch(
        input, spatial, batch => Instance(batch, module.running_mean, module.running_var, module.weight, module.bias, !module.track_running_stats, module.eps));

    /// <summary>x / (k + alpha · mean of the squares of neighbouring channels)^beta.</summary>
    /// <exception cref="NotSupportedException">The number of channels is even: torch and ONNX then take different neighbours.</exception>
    public static TracedTensor LocalResponse(TracedTensor input, long size, double alpha, double beta, double k)
    {
        if (size % 2 == 0)
        {
            throw new NotSupportedException($"A local response normalization over {size} channels cannot be exported, one over an odd number can.");
        }

        // ONNX Runtime has this operator for images only.
        TracedTensor image = input.ndim switch
        {
            3 => input.unsqueeze(-1),
            4 => input,
            _ => input.flatten(3, -1),
        };
        Tensor value = nn.functional.local_response_norm(image.Value, size, alpha, beta, k);
        TracedTensor result = TracedTensor.Record("LRN", value, [image], ("size", size), ("alpha", (float)alpha), ("beta", (float)beta), ("bias", (float)k));
        return input.ndim == 4 ? result : result.reshape(input.shape);
    }

    /// <summary>Normalizes with a batch, which is added where there is none.</summary>
    public static TracedTensor OfBatch(TracedTensor input, int spatial, Func<TracedTensor, TracedTensor> normalize)
        => input.ndim == spatial + 1 ? normalize(input.unsqueeze(0)).squeeze(0) : normalize(input);

    private static TracedTensor Normalize(TracedTensor input, TracedTensor? weight, TracedTensor? bias, double eps)
    {
        if (input.ndim < 3)
        {
            throw new NotSupportedException(
                $"An instance or group normalization is exported for an input [N, C, spatial…]; here it has shape [{string.Join(", ", input.shape)}].");
        }

        Tensor value = nn.functional.instance_norm(input.Value, null, null, weight?.Value, bias?.Value, use_input_stats: true, momentum: 0, eps: eps);
        weight ??= TracedTensor.FromTensor(ones(input.shape[1], dtype: ScalarType.Float32, device: input.device));
        bias ??= TracedTensor.FromTensor(zeros(input.shape[1], dtype: ScalarType.Float32, device: input.device));
        return TracedTensor.Record("InstanceNormalization", value, [input, weight, bias], ("epsilon", (float)eps));
    }

    private static TracedTensor OfChannels(TracedTensor values, TracedTensor input) => values.reshape([-1, .. Enumerable.Repeat(1L, (int)input.ndim - 2)]);
}
