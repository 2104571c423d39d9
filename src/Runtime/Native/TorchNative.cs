using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using QuantGen.Native;
using TorchSharp;

namespace QuantGen;

/// <summary>Loads TorchSharp's native libraries, and says why where they do not load.</summary>
public static class TorchNative
{
    private static volatile bool isLoaded;

    /// <summary>
    /// Makes sure that torch can be used. TorchSharp itself reports every failure as a missing package reference; call this before the first
    /// use of torch to learn the true reason. Costs nothing after the first call.
    /// </summary>
    /// <exception cref="InvalidOperationException">The native libraries do not load. The message says what to do.</exception>
    public static void EnsureLoaded()
    {
        if (isLoaded)
        {
            return;
        }

        // Asked first: before it gives up on such a system, TorchSharp copies half a gigabyte of libraries, which then do not load either.
        if (OperatingSystem.IsLinux() && LoadFailure() is { } failure && TorchLoadFailure.IsOldLibstdcxx(failure.Message))
        {
            throw new InvalidOperationException(TorchLoadFailure.Explain(failure.Message, HasLibTorch()), failure);
        }

        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException e)
        {
            throw new InvalidOperationException(TorchLoadFailure.Explain((LoadFailure() ?? e.InnerException ?? e).Message, HasLibTorch()), e);
        }

        isLoaded = true;
    }

    /// <summary>What the system's loader says, which TorchSharp does not pass on; null where the library loads.</summary>
    private static Exception? LoadFailure()
    {
        try
        {
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return e;
        }
    }

    private static bool HasLibTorch()
    {
        var name = OperatingSystem.IsWindows() ? "torch_cpu.dll" : OperatingSystem.IsMacOS() ? "libtorch_cpu.dylib" : "libtorch_cpu.so";
        var folders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return folders.Split(Path.PathSeparator).Append(AppContext.BaseDirectory).Any(folder => File.Exists(Path.Combine(folder, name)));
    }
}
