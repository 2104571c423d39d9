using System.Diagnostics;

namespace QuantGen.Tests.Checkpoints;

/// <summary>A test that needs Python with PyTorch, such as Debian's python3-torch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonTorchFactAttribute : FactAttribute
{
    private const string Python = "/usr/bin/python3";

    private static readonly Lazy<bool> s_isThere = new(
        () => File.Exists(Python) && Run("import importlib.util; print(importlib.util.find_spec('torch') is not None)").Trim() == "True");

    public PythonTorchFactAttribute() => Skip = s_isThere.Value ? null : $"{Python} has no torch; Debian's package is python3-torch.";

    /// <summary>Runs a program and gives what it prints.</summary>
    internal static string Run(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(errors.Result);
    }
}
