using System.Text;
using System.Text.Json;
using QuantGen.Checkpoints.Files;

namespace QuantGen.Checkpoints.Safetensors;

/// <summary>
/// The index of a model that is spread over files: a JSON object whose <c>weight_map</c> names the file of each tensor, in the index's own folder.
/// </summary>
internal sealed class ShardIndex
{
    private const string MapKey = "weight_map";
    private const int DeepestNesting = 8, LongestIndex = SafetensorsReader.LongestHeader;

    /// <summary>The file of each tensor, by the tensor's name.</summary>
    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Texts that the writer put beside them.</summary>
    public Dictionary<string, string> Metadata { get; } = [];

    /// <summary>Whether a file is one of these.</summary>
    public static bool Recognizes(MappedFile file)
        => file.Span(0, 1)[0] is (byte)'{' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'
            && file.Span(0, (int)Math.Min(file.Length, LongestIndex)).IndexOf(Encoding.ASCII.GetBytes($"\"{MapKey}\"")) >= 0;

    /// <summary>Reads an index.</summary>
    /// <exception cref="CheckpointException">It is damaged, or names a file outside of its folder.</exception>
    public static ShardIndex Read(MappedFile file)
    {
        ShardIndex index = new();
        try
        {
            Utf8JsonReader reader = new(file.Span(0, (int)Math.Min(file.Length, LongestIndex)), new() { MaxDepth = DeepestNesting });
            index.Read(ref reader);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CheckpointException.Damaged(file.Path, "the index", e.Message.TrimEnd('.'), e);
        }

        foreach (string shard in index.Files.Values.Distinct())
        {
            if (shard.Length == 0 || shard is "." or ".." || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
            {
                throw CheckpointException.Refused(
                    file.Path,
                    $"names the file {CheckpointException.Quote(shard)}, which is not in the index's own folder",
                    "Put all files of the model into one folder, and name them without a path");
            }
        }

        return index;
    }

    private void Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            Dictionary<string, string>? texts = reader.GetString() switch { MapKey => Files, "metadata" => Metadata, _ => null };
            reader.Read();
            if (texts is null || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadText(ref reader, texts);
            }
        }

        // Behind the object there are blanks only, or the reader throws.
        while (reader.Read())
        {
        }
    }

    private void ReadText(ref Utf8JsonReader reader, Dictionary<string, string> texts)
    {
        string name = reader.GetString()!;
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            // The total size, which is a number, is all that writers put there.
            reader.Skip();
            if (texts == Files)
            {
                throw new JsonException($"the file of {CheckpointException.Quote(name)} is no text");
            }
        }
        else if (!texts.TryAdd(name, reader.GetString()!))
        {
            throw new JsonException($"{CheckpointException.Quote(name)} is there twice");
        }
    }
}
