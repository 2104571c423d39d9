using QuantGen.Calibrating;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Post-training quantization: finds the ranges of a model's quantizers from some batches of data.</summary>
public static partial class Calibration
{
    /// <summary>Collects statistics and gives every quantizer its range, in one call.</summary>
    /// <param name="model">The model; one that <c>[Quantize]</c> generated, or any with <see cref="TensorQuantizer"/> inside.</param>
    /// <param name="batches">Inputs of the model, a few hundred samples as a rule. They stay the caller's to dispose.</param>
    /// <param name="options">The method, or more; the method of each quantizer's descriptor unless said otherwise.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <exception cref="CalibrationException">A batch gives NaN or infinity; the model is as it was, and the exception has what was collected
    /// before.</exception>
    /// <exception cref="InvalidOperationException">There is no batch or no quantizer.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; the model is as it was.</exception>
    public static CalibrationReport Run(
        Module<Tensor, Tensor> model, IEnumerable<Tensor> batches, CalibrationOptions? options = null,
        IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(model, batches, batch => model.call(batch), options, progress, cancellationToken);
    }

    /// <summary>The same for models that take more than one tensor, or samples of any other type.</summary>
    /// <typeparam name="T">The type of a batch.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="batches">The batches.</param>
    /// <param name="forward">Runs a batch through the model, such as <c>pair => model.call(pair.Left, pair.Right)</c>.</param>
    /// <param name="options">The method, or more; the method of each quantizer's descriptor unless said otherwise.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Run(Module{Tensor, Tensor}, IEnumerable{Tensor}, CalibrationOptions, IProgress{CalibrationProgress}, CancellationToken)"/>
    public static CalibrationReport Run<T>(
        Module model, IEnumerable<T> batches, Action<T> forward, CalibrationOptions? options = null,
        IProgress<CalibrationProgress>? progress = null, CancellationToken cancellationToken = default)
        => Collect(model, batches, forward, progress, options?.Bins ?? Histogram.DefaultBins, cancellationToken).Apply(model, options);

    /// <summary>Collects statistics once, to apply several methods to. Quantization is off meanwhile, and the model is as it was afterwards.</summary>
    /// <param name="model">The model.</param>
    /// <param name="batches">Inputs of the model.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="bins">The number of bins of each histogram, even.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Run(Module{Tensor, Tensor}, IEnumerable{Tensor}, CalibrationOptions, IProgress{CalibrationProgress}, CancellationToken)"/>
    public static CalibrationState Collect(
        Module<Tensor, Tensor> model, IEnumerable<Tensor> batches,
        IProgress<CalibrationProgress>? progress = null, int bins = Histogram.DefaultBins, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Collect(model, batches, batch => model.call(batch), progress, bins, cancellationToken);
    }

    /// <summary>The same for models that take more than one tensor, or samples of any other type.</summary>
    /// <typeparam name="T">The type of a batch.</typeparam>
    /// <param name="model">The model.</param>
    /// <param name="batches">The batches.</param>
    /// <param name="forward">Runs a batch through the model.</param>
    /// <param name="progress">Is told after each batch.</param>
    /// <param name="bins">The number of bins of each histogram, even.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <inheritdoc cref="Run(Module{Tensor, Tensor}, IEnumerable{Tensor}, CalibrationOptions, IProgress{CalibrationProgress}, CancellationToken)"/>
    public static CalibrationState Collect<T>(
        Module model, IEnumerable<T> batches, Action<T> forward,
        IProgress<CalibrationProgress>? progress = null, int bins = Histogram.DefaultBins, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(forward);
        using CollectingState state = new(model, bins);
        using var noGrad = no_grad();
        int count = 0;
        foreach (T batch in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            state.Feed(() => forward(batch), ++count);
            progress?.Report(new(count));
        }

        return count > 0 ? state.Snapshot(count) : throw new InvalidOperationException("Calibration needs at least one batch of data, and got none.");
    }
}
