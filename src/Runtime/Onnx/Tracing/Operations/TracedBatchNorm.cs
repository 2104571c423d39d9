using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Onnx.Tracing.Operations;

/// <summary>Records batch normalization as it works in evaluation.</summary>
internal static class TracedBatchNorm
{
    /// <summary>(x - mean) / √(variance + ε) · weight + bias, with the running statistics.</summary>
    /// <exception cref="NotSupportedException">The layer keeps no running statistics.</exception>
    public static TracedTensor Record(BatchNorm module, TracedTensor input)
    {
        if (module.running_mean is null || module.running_var is null)
        {
            throw new NotSupportedException(
                "Batch normalization without running statistics depends on the whole batch and cannot be exported; create it with track_running_stats.");
        }

        return Record(input, module.running_mean, module.running_var, module.weight, module.bias, module.eps);
    }

    /// <summary>The same from its parts.</summary>
    public static TracedTensor Record(TracedTensor input, TracedTensor mean, TracedTensor variance, TracedTensor? weight, TracedTensor? bias, double eps)
    {
        weight ??= ones_like(mean.Value);
        bias ??= zeros_like(mean.Value);
        Tensor result = nn.functional.batch_norm(input.Value, mean.Value, variance.Value, weight.Value, bias.Value, training: false, eps: eps);
        return TracedTensor.Record("BatchNormalization", result, [input, weight, bias, mean, variance], ("epsilon", (float)eps));
    }
}
