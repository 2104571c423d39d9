using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.InteropServices;

namespace QuantGen.Tests;

/// <summary>Where this build found what the tests work on.</summary>
internal static class Surroundings
{
    public static string RepositoryRoot { get; } = Metadata("RepositoryRoot");

    public static string Configuration { get; } = Metadata("Configuration");

    public static string PackageFolder { get; } = Metadata("PackageFolder");

    /// <summary>TorchSharp's library for linux-x64, as its package has it.</summary>
    public static string TorchSharpLibrary { get; } = Path.Combine(Metadata("TorchSharpPackage"), "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    /// <summary>Whether this is a system that the relaxed library is for.</summary>
    public static bool IsLinuxX64 { get; } = OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64;

    private static string Metadata(string key) =>
        typeof(Surroundings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
