using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace QuantGen.Native;

/// <summary>Turns what the system's loader says about TorchSharp's native library into what a user can do about it.</summary>
internal static partial class TorchLoadFailure
{
    public static bool IsOldLibstdcxx(string loaderMessage) => MissingVersion().IsMatch(loaderMessage);

    public static string Explain(string loaderMessage, bool hasLibTorch)
    {
        var missing = MissingVersion().Match(loaderMessage);
        if (missing.Success)
        {
            return $"TorchSharp's native library does not load: it needs {missing.Groups["version"].Value}, which this system's libstdc++ is too old for. "
                + "Build on this system with QuantGen's build step on (it is, unless QuantGenRelaxGlibcxx is false), "
                + "or build with -p:QuantGenRelaxGlibcxx=true when you publish from another one. It knows TorchSharp 0.107.0.";
        }

        return hasLibTorch
            ? $"TorchSharp's native library does not load, though libtorch is there. The loader says: {loaderMessage.Trim()}"
            : "TorchSharp has no native backend here: reference the package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) "
                + $"in the project that runs, and build it for {RuntimeInformation.RuntimeIdentifier}.";
    }

    // dlopen: "…/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by …/libLibTorchSharp.so)"
    [GeneratedRegex(@"version `(?<version>(GLIBCXX|CXXABI)_[0-9.]+)' not found")]
    private static partial Regex MissingVersion();
}
