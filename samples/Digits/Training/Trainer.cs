using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Digits.Training;

/// <summary>An ordinary TorchSharp training loop: Adam, a cosine schedule, images shifted by up to a pixel.</summary>
internal static class Trainer
{
    private const int BatchSize = 64;

    /// <summary>Trains a model in place.</summary>
    /// <param name="model">The model, float or quantized.</param>
    /// <param name="images">[N, 1, 8, 8].</param>
    /// <param name="labels">[N].</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="learningRate">The rate to start with; it falls to a hundredth along a cosine.</param>
    /// <param name="freezeBatchNorm">Whether batch normalization keeps its statistics, which steadies fine-tuning.</param>
    /// <param name="onEpoch">Is told the mean loss after each epoch.</param>
    public static void Fit(
        Module<Tensor, Tensor> model, Tensor images, Tensor labels, int epochs, double learningRate, bool freezeBatchNorm, Action<double> onEpoch)
    {
        model.train();
        foreach (BatchNorm2d norm in model.modules().OfType<BatchNorm2d>())
        {
            norm.train(!freezeBatchNorm);
        }

        using var optimizer = optim.Adam(model.parameters(), learningRate, weight_decay: 1e-4);
        var schedule = optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs, learningRate / 100);
        using var loss = CrossEntropyLoss();
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            using var epochScope = NewDisposeScope();
            Tensor order = randperm(images.shape[0], dtype: ScalarType.Int64);
            double sum = 0;
            int batches = 0;
            foreach (Tensor indices in order.split(BatchSize))
            {
                using var scope = NewDisposeScope();
                Tensor x = Shift(images[indices]);
                optimizer.zero_grad();
                Tensor error = loss.call(model.call(x), labels[indices]);
                error.backward();
                optimizer.step();
                sum += error.item<float>();
                batches++;
            }

            schedule.step();
            onEpoch(sum / batches);
        }

        model.eval();
    }

    // Eight by eight pixels leave little room: one pixel in any direction is what the writers differ by.
    private static Tensor Shift(Tensor images)
    {
        Tensor padded = functional.pad(images, (1, 1, 1, 1));
        int[] offsets = [.. randint(0, 3, 2, ScalarType.Int32).data<int>()];
        return padded.narrow(2, offsets[0], 8).narrow(3, offsets[1], 8).contiguous();
    }
}
