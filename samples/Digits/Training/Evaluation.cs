using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Digits.Training;

/// <summary>What a model says about a set of images.</summary>
internal static class Evaluation
{
    /// <summary>Logits [N, 10], without gradients and in evaluation mode.</summary>
    public static Tensor Logits(Module<Tensor, Tensor> model, Tensor images)
    {
        using var noGrad = no_grad();
        model.eval();
        return model.call(images);
    }

    /// <summary>The share of images whose largest logit is at the label, 0 to 1.</summary>
    public static double Accuracy(Tensor logits, Tensor labels) => Agreement(logits.argmax(1), labels);

    /// <summary>The share of equal elements, 0 to 1.</summary>
    public static double Agreement(Tensor predictions, Tensor others)
    {
        using var scope = NewDisposeScope();
        return predictions.eq(others).to(ScalarType.Float64).mean().item<double>();
    }
}
