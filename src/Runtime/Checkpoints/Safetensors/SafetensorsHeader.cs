using System.Text.Json;

namespace QuantGen.Checkpoints.Safetensors;

/// <summary>
/// The header of a safetensors file: a JSON object with the type, the shape and the offsets of each tensor, and texts under <c>__metadata__</c>. What it says
/// is taken as it is, but for its form.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The key of the texts.</summary>
    public const string MetadataKey = "__metadata__";

    // The object, a tensor, its shape.
    private const int DeepestNesting = 3;

    /// <summary>The tensors in the order of the header.</summary>
    public List<SafetensorsEntry> Entries { get; } = [];

    /// <summary>The texts.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Reads a header.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json)
    {
        SafetensorsHeader header = new();
        Utf8JsonReader reader = new(json, new() { MaxDepth = DeepestNesting });
        HashSet<string> names = [];
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader, JsonTokenType.EndObject))
        {
            string name = Text(ref reader);
            if (!names.Add(name))
            {
                throw new JsonException($"the name {CheckpointException.Quote(name)} is there twice");
            }

            if (name == MetadataKey)
            {
                header.ReadMetadata(ref reader);
            }
            else
            {
                header.Entries.Add(Entry(ref reader, name));
            }
        }

        // Behind the object there are blanks only, or the reader throws.
        while (reader.Read())
        {
        }

        return header;
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader, JsonTokenType.EndObject))
        {
            string key = Text(ref reader);
            Expect(ref reader, JsonTokenType.String);
            if (!Metadata.TryAdd(key, Text(ref reader)))
            {
                throw new JsonException($"the key {CheckpointException.Quote(key)} of '{MetadataKey}' is there twice");
            }
        }
    }

    private static SafetensorsEntry Entry(ref Utf8JsonReader reader, string name)
    {
        (string? type, long[]? shape, long[]? offsets) = (null, null, null);
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader, JsonTokenType.EndObject))
        {
            switch (Text(ref reader))
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String);
                    type = Text(ref reader);
                    break;
                case "shape" when shape is null:
                    shape = Numbers(ref reader);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(ref reader);
                    break;
                case string key:
                    throw new JsonException($"{CheckpointException.Quote(name)} has {CheckpointException.Quote(key)}, which is unknown or there twice");
            }
        }

        return type is not null && shape is not null && offsets is [var begin, var end]
            ? new(name, type, shape, begin, end)
            : throw new JsonException($"{CheckpointException.Quote(name)} lacks its 'dtype', its 'shape', or its two 'data_offsets'");
    }

    private static long[] Numbers(ref Utf8JsonReader reader)
    {
        List<long> numbers = [];
        Expect(ref reader, JsonTokenType.StartArray);
        while (Next(ref reader, JsonTokenType.EndArray))
        {
            numbers.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0
                ? number
                : throw new JsonException($"byte {reader.TokenStartIndex} is no whole number from 0"));
        }

        return [.. numbers];
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (!reader.Read() || reader.TokenType != type)
        {
            throw new JsonException($"byte {reader.TokenStartIndex} is {reader.TokenType} instead of {type}");
        }
    }

    private static bool Next(ref Utf8JsonReader reader, JsonTokenType end) => reader.Read() && reader.TokenType != end;

    // A text that is not Unicode is an InvalidOperationException to the reader.
    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"the text at byte {reader.TokenStartIndex} is not Unicode", e);
        }
    }
}
