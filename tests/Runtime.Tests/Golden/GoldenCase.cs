using System.Text.Json;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

/// <summary>One JSON object of a golden file: its own fields, read as the types of the README there.</summary>
internal sealed class GoldenCase(JsonElement element)
{
    public JsonElement Json => element;

    public string Name => element.GetProperty("name").GetString()!;

    /// <summary>Whether the field is there and not null.</summary>
    public bool Has(string field) => element.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public bool Flag(string field, bool absent = false) => element.TryGetProperty(field, out JsonElement value) ? value.GetBoolean() : absent;

    public Tensor Tensor(string field) => GoldenTensor.Read(element.GetProperty(field));

    public string Text(string field) => element.GetProperty(field).GetString()!;

    public int Int(string field, int absent) => element.TryGetProperty(field, out JsonElement value) ? value.GetInt32() : absent;

    public GoldenCase Object(string field) => new(element.GetProperty(field));

    public IEnumerable<GoldenCase> List(string field) => element.GetProperty(field).EnumerateArray().Select(item => new GoldenCase(item));

    /// <summary>8, or [4, 3] for E4M3.</summary>
    public NumBits NumBits(string field = "num_bits") => !element.TryGetProperty(field, out JsonElement value) ? 8
        : value.ValueKind != JsonValueKind.Array ? value.GetInt32()
        : value[0].GetInt32() == 4 && value[1].GetInt32() == 3 ? QuantGen.NumBits.E4M3 : throw new ArgumentException("no such format");

    /// <summary>A number is one axis, a list a tuple of them.</summary>
    public QuantAxes? Axes(string field) => !Has(field) ? null
        : element.GetProperty(field) is { ValueKind: JsonValueKind.Array } list ? QuantAxes.Create([.. list.EnumerateArray().Select(axis => axis.GetInt32())])
        : element.GetProperty(field).GetInt32();
}
