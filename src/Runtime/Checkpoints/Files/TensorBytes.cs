using static TorchSharp.torch;

namespace QuantGen.Checkpoints.Files;

/// <summary>The values of tensors as files have them: in row-major order, little-endian.</summary>
internal static class TensorBytes
{
    // Spans hold less than 2 GB.
    private const int ChunkBytes = 1 << 30;

    /// <summary>Writes a tensor's values, wherever it is and however it lies in memory.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        Tensor flat = tensor.detach().cpu().contiguous().reshape(-1);
        for (long done = 0; done < flat.NumberOfElements;)
        {
            long count = Math.Min(flat.NumberOfElements - done, ChunkBytes / flat.ElementSize);
            stream.Write(flat.narrow(0, done, count).bytes);
            done += count;
        }
    }
}
