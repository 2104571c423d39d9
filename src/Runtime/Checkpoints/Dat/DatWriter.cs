using QuantGen.Checkpoints.Files;
using static TorchSharp.torch;

namespace QuantGen.Checkpoints.Dat;

/// <summary>Writes TorchSharp's own files.</summary>
internal static class DatWriter
{
    /// <summary>Writes tensors.</summary>
    /// <exception cref="NotSupportedException">A type that is not written.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> state)
    {
        using BinaryWriter writer = new(stream, System.Text.Encoding.UTF8, leaveOpen: true);
        writer.Write7BitEncodedInt64(state.Count);
        foreach ((string name, Tensor tensor) in state)
        {
            writer.Write(name);
            writer.Write7BitEncodedInt64((long)ElementType.Of(tensor.dtype).Loaded);
            writer.Write7BitEncodedInt64(tensor.shape.Length);
            foreach (long size in tensor.shape)
            {
                writer.Write7BitEncodedInt64(size);
            }

            writer.Flush();
            TensorBytes.Write(stream, tensor);
        }
    }
}
