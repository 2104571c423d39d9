using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen.Tests.Onnx;

/// <summary>What the C# model computes, to compare an export with.</summary>
internal static class Comparison
{
    /// <summary>The output of the model in evaluation, in row-major order.</summary>
    public static float[] Evaluate(Module<Tensor, Tensor> model, Tensor input)
    {
        bool training = model.training;
        model.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        float[] values = [.. model.call(input).contiguous().data<float>()];
        model.train(training);
        return values;
    }

    /// <summary>The largest absolute difference.</summary>
    public static float LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
    }

    /// <summary>The largest absolute difference as a share of the largest value.</summary>
    public static float RelativeDifference(float[] expected, float[] actual)
        => LargestDifference(expected, actual) / expected.Select(Math.Abs).Max();

    /// <summary>The index of the largest value of each row.</summary>
    public static int[] Predictions(float[] logits, int classes) => [.. logits.Chunk(classes).Select(row => Array.IndexOf(row, row.Max()))];

    /// <summary>Gives batch normalizations statistics and factors as training does, some factors negative.</summary>
    public static void Randomize(Module model)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (Module norm in model.modules().Where(module => module.GetType().Name.EndsWith("Norm", StringComparison.Ordinal) || module.GetType().Name.Contains("InstanceNorm", StringComparison.Ordinal)))
        {
            foreach ((_, TorchSharp.Modules.Parameter parameter) in norm.named_parameters())
            {
                parameter.copy_(randn_like(parameter));
            }

            foreach ((_, Tensor buffer) in norm.named_buffers().Where(entry => entry.buffer.is_floating_point()))
            {
                buffer.copy_(rand_like(buffer) + 0.5);
            }
        }

        foreach (var norm in model.modules().OfType<TorchSharp.Modules.BatchNorm2d>())
        {
            norm.running_mean!.copy_(randn_like(norm.running_mean) * 0.1);
            norm.running_var!.copy_(rand_like(norm.running_var) + 0.5);
            if (norm.affine)
            {
                norm.weight!.copy_(randn_like(norm.weight) * 0.3 + 1);
                norm.weight[0] = -0.7f;
                norm.bias!.copy_(randn_like(norm.bias) * 0.2);
            }
        }
    }
}
