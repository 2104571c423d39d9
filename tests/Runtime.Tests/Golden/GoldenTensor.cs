using System.Text.Json;
using static TorchSharp.torch;

namespace QuantGen.Tests.Golden;

/// <summary>Tensors of the golden files, and their comparison.</summary>
internal static class GoldenTensor
{
    /// <summary>Reads <c>{"shape", "dtype", "data"}</c>.</summary>
    public static Tensor Read(JsonElement element)
    {
        double[] data = [.. element.GetProperty("data").EnumerateArray().Select(Number)];
        long[] shape = [.. element.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        return element.GetProperty("dtype").GetString() switch
        {
            // Parsed as the type itself: the decimal is the shortest that restores its value, and a way through double rounds twice.
            "float32" => tensor(element.GetProperty("data").EnumerateArray().Select(Single).ToArray(), shape),
            "float64" => tensor(data, shape),
            "float16" => tensor(data, shape).to(ScalarType.Float16),
            "int64" => tensor(data.Select(value => (long)value).ToArray(), shape),
            "bool" => tensor(data.Select(value => value != 0).ToArray(), shape),
            var other => throw new InvalidDataException($"unknown dtype {other}"),
        };
    }

    /// <summary>Null where both are equal, NaN and the sign of zero aside; otherwise what differs.</summary>
    public static string? Difference(Tensor actual, Tensor expected, double relative = 0, double absolute = 0)
    {
        if (!actual.shape.AsSpan().SequenceEqual(expected.shape))
        {
            return $"shape [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", expected.shape)}]";
        }

        double[] mine = [.. actual.detach().to(ScalarType.Float64).contiguous().data<double>()];
        double[] wanted = [.. expected.to(ScalarType.Float64).contiguous().data<double>()];
        double largest = wanted.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty().Max();
        for (int i = 0; i < wanted.Length; i++)
        {
            bool same = mine[i].Equals(wanted[i]) || mine[i] == wanted[i]
                || Math.Abs(mine[i] - wanted[i]) <= Math.Max(relative * largest, absolute);
            if (!same)
            {
                return $"element {i} is {mine[i]:R} instead of {wanted[i]:R}";
            }
        }

        return null;
    }

    private static float Single(JsonElement value)
        => value.ValueKind == JsonValueKind.String ? (float)Number(value) : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? 0 : value.GetSingle();

    private static double Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() switch
        {
            "nan" => double.NaN,
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            var text => throw new InvalidDataException($"not a number: {text}"),
        },
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => value.GetDouble(),
    };
}
