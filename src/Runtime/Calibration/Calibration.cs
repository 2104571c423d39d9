using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Post-training quantization: finds the ranges of a model's quantizers from some batches of data.</summary>
public static class Calibration
{
    /// <summary>Collects statistics and gives every quantizer its range, in one call.</summary>
    /// <param name="model">The model; one that <c>[Quantize]</c> generated, or any with <see cref="TensorQuantizer"/> inside.</param>
    /// <param name="batches">Inputs of the model, a few hundred samples as a rule. They stay the caller's to dispose.</param>
    /// <param name="method">The method; null for the one of each quantizer's descriptor.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="InvalidOperationException">There is no batch or no quantizer, or a batch gives NaN or infinity; the model is as it was.</exception>
    public static CalibrationReport Run(
        Module<Tensor, Tensor> model, IEnumerable<Tensor> batches, CalibrationMethod? method = null,
        IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default)
        => Collect(model, batches, progress, cancellationToken).Apply(method);

    /// <summary>Collects statistics once, to apply several methods to. Quantization is off meanwhile, and the model is as it was afterwards.</summary>
    /// <inheritdoc cref="Run"/>
    public static CollectedStatistics Collect(
        Module<Tensor, Tensor> model, IEnumerable<Tensor> batches,
        IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        using CollectingState state = new(model);
        using var noGrad = no_grad();
        int count = 0;
        foreach (Tensor batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            state.Feed(batch, ++count);
            progress?.Report(new(count));
        }

        if (count == 0)
        {
            throw new InvalidOperationException("Calibration needs at least one batch of data, and got none.");
        }

        return new(state.Quantizers, count);
    }
}
