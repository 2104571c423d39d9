using System.Text.Json;

namespace QuantGen.Tests.Golden;

/// <summary>Descriptors of the golden files: the arguments that were passed, everything else at its default.</summary>
internal static class GoldenDescriptor
{
    public static QuantDescriptor Read(JsonElement element)
    {
        GoldenCase fields = new(element);
        return new()
        {
            NumBits = fields.NumBits(),
            Name = fields.Has("name") ? fields.Text("name") : null,
            FakeQuant = fields.Flag("fake_quant", absent: true),
            Axis = fields.Axes("axis"),
            Amax = fields.Has("amax") ? Amax(element.GetProperty("amax")) : null,
            LearnAmax = fields.Flag("learn_amax"),
            ScaleAmax = fields.Has("scale_amax") ? element.GetProperty("scale_amax").GetDouble() : null,
            CalibrationMethod = fields.Has("calib_method") ? Method(fields.Text("calib_method")) : CalibrationMethod.Max,
            Unsigned = fields.Flag("unsigned"),
            NarrowRange = fields.Flag("narrow_range"),
        };
    }

    /// <summary>A number, or nested lists.</summary>
    private static AmaxValue Amax(JsonElement value)
    {
        List<long> shape = [];
        for (JsonElement level = value; level.ValueKind == JsonValueKind.Array; level = level[0])
        {
            shape.Add(level.GetArrayLength());
        }

        return new([.. Flatten(value)], [.. shape]);
    }

    private static IEnumerable<float> Flatten(JsonElement value)
        => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flatten) : [value.GetSingle()];

    // A histogram gives every method; which one is said when amax is loaded.
    private static CalibrationMethod Method(string name) => name switch
    {
        "max" => CalibrationMethod.Max,
        "histogram" => CalibrationMethod.Entropy,
        _ => throw new ArgumentException($"unknown calibration method {name}", nameof(name)),
    };
}
