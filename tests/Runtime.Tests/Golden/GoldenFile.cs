using System.Text.Json;

namespace QuantGen.Tests.Golden;

/// <summary>A file of reference values. <c>QUANTGEN_GOLDEN</c> names another folder with the same files and other cases.</summary>
internal static class GoldenFile
{
    private static readonly string s_folder = Environment.GetEnvironmentVariable("QUANTGEN_GOLDEN") is { Length: > 0 } folder
        ? folder
        : Path.Combine(AppContext.BaseDirectory, "golden");

    /// <summary>The cases of a file, with their names.</summary>
    public static IReadOnlyList<GoldenCase> Cases(string name)
    {
        using FileStream stream = File.OpenRead(Path.Combine(s_folder, name + ".json"));
        JsonElement root = JsonDocument.Parse(stream).RootElement;
        return [.. root.GetProperty("cases").EnumerateArray().Select(element => new GoldenCase(element))];
    }
}
