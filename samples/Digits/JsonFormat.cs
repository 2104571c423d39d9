using System.Text.Json;

namespace Digits;

/// <summary>How <c>results.json</c> is written.</summary>
internal static class JsonFormat
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
