using System.Buffers.Binary;
using System.Text.Json;
using QuantGen.Checkpoints.Files;
using static TorchSharp.torch;

namespace QuantGen.Checkpoints.Safetensors;

/// <summary>Writes safetensors files. Large elements come first, and the header is padded, so that every value is aligned to its size.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = sizeof(double);

    /// <summary>Writes tensors.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="state">The tensors by name.</param>
    /// <param name="metadata">Texts beside them.</param>
    /// <exception cref="NotSupportedException">A type that is not written.</exception>
    /// <exception cref="ArgumentException">A name that the format keeps for itself.</exception>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> state, IReadOnlyDictionary<string, string> metadata)
    {
        if (state.ContainsKey(SafetensorsHeader.MetadataKey))
        {
            throw new ArgumentException($"No tensor of a safetensors file can be called '{SafetensorsHeader.MetadataKey}'.", nameof(state));
        }

        (string Name, Tensor Tensor, ElementType Type)[] entries =
        [
            .. state.Select(entry => (Name: entry.Key, Tensor: entry.Value, Type: ElementType.Of(entry.Value.dtype)))
                .OrderByDescending(entry => entry.Type.Size),
        ];
        byte[] header = Header(entries, metadata);
        Span<byte> length = stackalloc byte[SafetensorsReader.LengthBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Tensor tensor, _) in entries)
        {
            TensorBytes.Write(stream, tensor);
        }
    }

    private static byte[] Header((string Name, Tensor Tensor, ElementType Type)[] entries, IReadOnlyDictionary<string, string> metadata)
    {
        using MemoryStream header = new();
        using (Utf8JsonWriter json = new(header))
        {
            json.WriteStartObject();
            if (metadata.Count > 0)
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach ((string key, string value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach ((string name, Tensor tensor, ElementType type) in entries)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type.Safetensors);
                Numbers(json, "shape", tensor.shape);
                Numbers(json, "data_offsets", [offset, offset += tensor.NumberOfElements * type.Size]);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % Alignment != 0)
        {
            header.WriteByte((byte)' ');
        }

        return header.ToArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (long number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
