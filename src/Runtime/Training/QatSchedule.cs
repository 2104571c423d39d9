using static TorchSharp.torch;

namespace QuantGen;

/// <summary>
/// The fine-tuning that NVIDIA recommends after calibration: a tenth of the original epochs, starting at a hundredth of the original learning rate,
/// annealed along a cosine to a hundredth of that (pytorch-quantization, "Quantization Aware Training").
/// </summary>
/// <param name="Epochs">The number of epochs to train, at least 1.</param>
/// <param name="LearningRate">The learning rate to start with, above 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A value that is not in its range.</exception>
public sealed record QatSchedule(int Epochs, double LearningRate)
{
    private const double EpochShare = 0.1, RateShare = 0.01;

    /// <summary>The number of epochs to train.</summary>
    public int Epochs { get; init; } = Epochs >= 1
        ? Epochs
        : throw new ArgumentOutOfRangeException(nameof(Epochs), Epochs, "A schedule has at least one epoch.");

    /// <summary>The learning rate to start with.</summary>
    public double LearningRate { get; init; } = LearningRate > 0 && double.IsFinite(LearningRate)
        ? LearningRate
        : throw new ArgumentOutOfRangeException(nameof(LearningRate), LearningRate, "A learning rate is above 0.");

    /// <summary>The learning rate at the end.</summary>
    public double FinalLearningRate => LearningRate * RateShare;

    /// <summary>The schedule for a model, from how it was trained in floating point.</summary>
    /// <param name="trainingEpochs">The epochs of the original training, at least 1.</param>
    /// <param name="trainingLearningRate">The learning rate that it started with, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value that is not in its range.</exception>
    public static QatSchedule After(int trainingEpochs, double trainingLearningRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingEpochs, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trainingLearningRate);
        return new(Math.Max(1, (int)Math.Round(trainingEpochs * EpochShare)), trainingLearningRate * RateShare);
    }

    /// <summary>The learning rate of an epoch, 0 to <see cref="Epochs"/>.</summary>
    /// <param name="epoch">The number of epochs done.</param>
    public double LearningRateAt(double epoch)
        => FinalLearningRate + ((LearningRate - FinalLearningRate) * (1 + Math.Cos(Math.PI * Math.Clamp(epoch / Epochs, 0, 1))) / 2);

    /// <summary>A scheduler that follows this schedule; call its <c>step</c> after every epoch.</summary>
    /// <param name="optimizer">The optimizer, made with <see cref="LearningRate"/>.</param>
    public optim.lr_scheduler.LRScheduler CreateScheduler(optim.Optimizer optimizer)
        => optim.lr_scheduler.CosineAnnealingLR(optimizer, Epochs, FinalLearningRate);
}
