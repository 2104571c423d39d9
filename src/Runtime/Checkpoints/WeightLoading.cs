using QuantGen.Checkpoints;
using QuantGen.Quantizers.State;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Brings trained weights into a quantized model, and back.</summary>
public static class WeightLoading
{
    /// <summary>
    /// Copies parameters and buffers of the same name from a model, as a rule from the float model to its quantized sibling, or from the fine-tuned sibling
    /// back
    /// to the float model.
    /// </summary>
    /// <remarks>
    /// Ranges are copied where both models have a quantizer of that name with the same number of bits; other quantizers of either model stay as they are.
    /// </remarks>
    /// <param name="model">The model to fill.</param>
    /// <param name="source">The model to copy from.</param>
    /// <exception cref="ArgumentException">
    /// A name that only one of the two has, or a different shape; the message lists them, and nothing has been copied.
    /// </exception>
    public static void LoadWeights(this Module model, Module source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ModelCopy.Run(source, model);
    }

    /// <summary>
    /// Copies parameters and buffers from a file into any model, quantized or not: <c>.safetensors</c>, its <c>.index.json</c>, <c>.pth</c> and <c>.pt</c>
    /// of PyTorch, <c>.dat</c> of TorchSharp, known by what is in the file. No code of a file is run.
    /// </summary>
    /// <remarks>
    /// Ranges are loaded where the model has a quantizer of that name and the file does not say another format for it; other quantizers stay as they are.
    /// Files without <c>num_batches_tracked</c>, which PyTorch wrote before 0.4.1, fit. Values are converted to the model's types; 8-bit floats are read as
    /// the float32 values that they are.
    /// </remarks>
    /// <param name="model">The model to fill.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Rules for names, partial loading, and which dictionary of the file; null for the defaults.</param>
    /// <returns>What was loaded, and what not.</returns>
    /// <exception cref="WeightMismatchException">A missing or unexpected name, or another shape; the message lists them, and nothing has changed.</exception>
    /// <exception cref="CheckpointException">The file is damaged, of another kind, or holds something that is not read; nothing has changed.</exception>
    /// <exception cref="IOException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not read it, or it is a folder.</exception>
    public static WeightReport LoadWeights(this Module model, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileLoading.Weights(model, path, options ?? new());
    }
}
