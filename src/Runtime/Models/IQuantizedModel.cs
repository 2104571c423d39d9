using QuantGen.Onnx;
using static TorchSharp.torch;

namespace QuantGen.Modules;

/// <summary>What all generated models have, so that code over several profiles needs to know none of their types.</summary>
public interface IQuantizedModel
{
    /// <summary>The quantizers by their names in the state dict, in the order in which they are registered.</summary>
    QuantizerList Quantizers { get; }

    /// <summary>Loads what <c>save(path)</c> or <c>SaveWeights(path)</c> wrote of a calibrated or fine-tuned model of the same class.</summary>
    /// <param name="path">The file: <c>.dat</c>, <c>.safetensors</c>, <c>.index.json</c>, <c>.pth</c> or <c>.pt</c>.</param>
    /// <exception cref="WeightMismatchException">It does not fit the model; the message lists what does not, and nothing has changed.</exception>
    /// <exception cref="CheckpointException">The file cannot be read; nothing has changed.</exception>
    void LoadState(string path) => ((nn.Module)this).LoadState(path);

    /// <summary>Copies weights from a file into the model, as <see cref="WeightLoading"/> does.</summary>
    /// <param name="path">The file: <c>.safetensors</c>, <c>.index.json</c>, <c>.pth</c>, <c>.pt</c> or <c>.dat</c>.</param>
    /// <param name="options">Rules for names, partial loading, and which dictionary of the file; null for the defaults.</param>
    /// <returns>What was loaded, and what not.</returns>
    /// <exception cref="WeightMismatchException">It does not fit the model; the message lists what does not, and nothing has changed.</exception>
    /// <exception cref="CheckpointException">The file cannot be read; nothing has changed.</exception>
    WeightReport LoadWeights(string path, WeightLoadOptions? options = null) => ((nn.Module)this).LoadWeights(path, options);

    /// <summary>Writes weights and ranges to a file, as <see cref="WeightSaving"/> does.</summary>
    /// <param name="path">The file; an existing one is replaced once the new one is complete. Its extension names the format.</param>
    /// <param name="ranges">What of the quantizers goes with it.</param>
    /// <exception cref="ArgumentException">An extension that names no format.</exception>
    void SaveWeights(string path, SavedRanges ranges = SavedRanges.All) => ((nn.Module)this).SaveWeights(path, ranges);

    /// <summary>Writes the model as an ONNX file, as <see cref="OnnxExport"/> does.</summary>
    /// <param name="path">The file; an existing one is replaced once the new one is complete.</param>
    /// <param name="example">An input of the model, for the shapes.</param>
    /// <param name="target">The runtime that the file is for.</param>
    /// <returns>What was written.</returns>
    /// <exception cref="NotSupportedException">The model cannot be exported.</exception>
    OnnxExportReport ExportOnnx(string path, Tensor example, OnnxTarget target = OnnxTarget.TensorRT)
        => throw new NotSupportedException(
            $"'{GetType().Name}' has no traced forward, so that it cannot be exported to '{path}'; the compile error of its own ExportOnnx says why.");
}
