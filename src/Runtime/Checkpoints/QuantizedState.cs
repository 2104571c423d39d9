using QuantGen.Checkpoints;
using QuantGen.Quantizers.State;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Restores a calibrated model, whose quantizers get their ranges from the state.</summary>
public static class QuantizedState
{
    /// <summary>
    /// Loads what <c>model.save(path)</c> or <see cref="WeightSaving.SaveWeights"/> wrote of a calibrated or fine-tuned model, or what pytorch-quantization
    /// saved of its own: a <c>.dat</c>, <c>.safetensors</c>, <c>.index.json</c>, <c>.pth</c> or <c>.pt</c> file, known by what is in it.
    /// </summary>
    /// <param name="model">A model of the same class, calibrated or not.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Rules for names, partial loading, and which dictionary of the file; null for the defaults.</param>
    /// <returns>Which quantizers have no range now, and which names differ.</returns>
    /// <exception cref="WeightMismatchException">It does not fit the model; the message lists what does not, and nothing has changed.</exception>
    /// <exception cref="CheckpointException">The file is damaged, of another kind, or holds something that is not read; nothing has changed.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it, or it is a folder.</exception>
    public static StateLoading LoadState(this Module model, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        WeightReport report = FileLoading.State(model, path, options ?? new(), out StateTransfer transfer);
        return new() { WithoutRange = transfer.WithoutRange, Weights = report };
    }

    /// <summary>Copies a state dict into a model. The state of quantizers, such as <c>_amax</c>, comes into being where only the source has it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="state">The state, as <c>state_dict()</c> of a model of the same class gives it.</param>
    /// <returns>Which quantizers have no range now.</returns>
    /// <exception cref="ArgumentException">
    /// A missing or unknown name, another shape, a range that is negative, infinite or NaN or of a shape that its quantizer cannot have, or ranges of another
    /// number of bits; the message lists them, and nothing has changed.
    /// </exception>
    public static StateLoading LoadState(this Module model, IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(state);
        StateTransfer transfer = new(model, state);
        transfer.RequireFit([.. transfer.Missing, .. transfer.Unexpected]);
        transfer.Run();
        return new() { WithoutRange = transfer.WithoutRange };
    }

    /// <summary>
    /// What <c>Module.load</c> does, for a model with quantizers: ranges that only the file has come into being. Quantized modules and generated models
    /// override
    /// <c>load</c> with it, so that TorchSharp's own call works; a hand-written container of quantized modules can do the same.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="reader">The file, as <c>model.save</c> writes it.</param>
    /// <param name="strict">Whether missing and unknown names are errors.</param>
    /// <param name="skip">Names to leave out.</param>
    /// <param name="loadedParameters">Is told the names in the file, and whether the model has them.</param>
    /// <returns>The model.</returns>
    /// <exception cref="InvalidDataException">It is not a file that TorchSharp writes.</exception>
    /// <exception cref="ArgumentException">It does not fit the model; nothing has changed.</exception>
    public static Module Load(
        Module model, BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return StateLoader.Load(model, reader, strict, skip, loadedParameters);
    }

    /// <summary>What <c>Module.load_state_dict</c> does, for a model with quantizers: ranges that only the state has come into being.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The state.</param>
    /// <param name="strict">Whether missing and unknown names are errors.</param>
    /// <param name="skip">Names to leave out.</param>
    /// <returns>The names that only the model has, and those that only the state has.</returns>
    /// <exception cref="ArgumentException">It does not fit the model; nothing has changed.</exception>
    public static (IList<string> MissingKeys, IList<string> UnexpectedKeys) LoadStateDict(
        Module model, Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return StateLoader.LoadStateDict(model, source, strict, skip);
    }
}
