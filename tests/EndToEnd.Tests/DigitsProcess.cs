using System.Diagnostics;
using System.Text.Json;

namespace QuantGen.Tests;

/// <summary>The sample as a user runs it: a program with a command line.</summary>
internal static class DigitsProcess
{
    /// <summary>Runs the sample and waits for its end.</summary>
    public static (int ExitCode, string Output, string Error) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "Digits.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>The results that a run left in its folder.</summary>
    public static JsonElement Results(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json"))).RootElement;
}
