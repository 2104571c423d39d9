using QuantGen.Checkpoints;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace QuantGen;

/// <summary>Writes a model's weights to files that PyTorch and others read.</summary>
public static class WeightSaving
{
    /// <summary>
    /// Writes parameters and buffers. The extension says how: <c>.safetensors</c>; <c>.pth</c>, <c>.pt</c> and <c>.bin</c> for PyTorch, whose
    /// <c>torch.load(weights_only=True)</c> reads them; <c>.dat</c> for TorchSharp's <c>load</c>.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file; an existing one is replaced once the new one is complete.</param>
    /// <param name="ranges">What of the quantizers goes with it.</param>
    /// <param name="metadata">Texts beside the tensors, for safetensors files.</param>
    /// <exception cref="ArgumentException">An extension that says nothing, or texts that the format does not keep.</exception>
    /// <exception cref="NotSupportedException">A type of tensor that is not written, such as complex numbers.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write there.</exception>
    public static void SaveWeights(
        this Module model, string path, SavedRanges ranges = SavedRanges.All, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        ModelNames names = new(model);
        Dictionary<string, Tensor> state = names.State.Where(entry => ranges switch
        {
            SavedRanges.All => true,
            SavedRanges.Reference => !(names.Ranges.Contains(entry.Key) && entry.Key.EndsWith("_format", StringComparison.Ordinal)),
            _ => !names.Ranges.Contains(entry.Key),
        }).ToDictionary();
        Checkpoint.Write(path, state, metadata);
    }
}
