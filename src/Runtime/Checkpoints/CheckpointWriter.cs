using QuantGen.Checkpoints.Dat;
using QuantGen.Checkpoints.Files;
using QuantGen.Checkpoints.PyTorch;
using QuantGen.Checkpoints.Safetensors;
using static TorchSharp.torch;

namespace QuantGen.Checkpoints;

/// <summary>Writes a checkpoint in the format that its extension names.</summary>
internal static class CheckpointWriter
{
    /// <summary>Writes tensors.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> state, IReadOnlyDictionary<string, string> metadata)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        Action<Stream> write = extension switch
        {
            ".safetensors" => stream => SafetensorsWriter.Write(stream, state, metadata),
            ".pth" or ".pt" or ".bin" => stream => TorchZipWriter.Write(stream, state),
            ".dat" => stream => DatWriter.Write(stream, state),
            _ => throw new ArgumentException(
                $"The extension of '{path}' names no format; it may be .safetensors, .pth, .pt, .bin (PyTorch) or .dat (TorchSharp).", nameof(path)),
        };
        if (metadata.Count > 0 && extension != ".safetensors")
        {
            throw new ArgumentException($"'{path}' keeps no texts beside its tensors; a .safetensors file does.", nameof(metadata));
        }

        ReplacedFile.Write(path, write);
    }
}
