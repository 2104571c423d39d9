using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace QuantGen.Quantizers;

/// <summary>TorchSharp's own file format, as <c>Module.save</c> writes it: a count, then names and tensors.</summary>
internal static class StateFile
{
    /// <summary>The tensors of an open file by name; the caller disposes them.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static Dictionary<string, Tensor> Read(BinaryReader reader, string name)
    {
        Dictionary<string, Tensor> state = [];
        try
        {
            // The count and the lengths of names are written seven bits a byte, as .NET writes them.
            long count = reader.Read7BitEncodedInt64();
            for (long i = 0; i < count; i++)
            {
                string key = reader.ReadString();
                state.Add(key, Tensor.Load(reader));
            }
        }
        // What a stray byte leads to: TorchSharp and LibTorch report a type, size or shape that cannot be, each in its own way.
        catch (Exception e) when (e is EndOfStreamException or FormatException or ArgumentException or OverflowException or OutOfMemoryException
            or ExternalException or NotImplementedException or NotSupportedException)
        {
            throw new InvalidDataException($"{name} is not a file that TorchSharp's Module.save wrote, or it is damaged after {state.Count} tensors.", e);
        }

        return state;
    }
}
