using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;

namespace QuantGen.Tests;

/// <summary>A program that references TorchSharp, in a folder of its own, built by the SDK as a user builds it.</summary>
internal sealed class TemporaryProject : IDisposable
{
    public const string Original = "CF33B1B0BB6BBB9754A768FB5C5D04D9F498603BE50E73F55621A0B40EE608B8";
    public const string Relaxed = "9F80FC8E958A8745E906FCC840DC6FD950F17EFB012EE6C51F06D9F157637945";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("quantgen-");

    /// <param name="body">Further elements of the project file.</param>
    public TemporaryProject(string body)
    {
        Write("Program.cs", "return 0;");
        Write("Program.csproj", $"""
            <Project>
              <PropertyGroup>
                <DirectoryPackagesPropsPath>{Surroundings.RepositoryRoot}Directory.Packages.props</DirectoryPackagesPropsPath>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <Import Project="Sdk.props" Sdk="Microsoft.NET.Sdk" />
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <SelfContained>false</SelfContained>
                <UseAppHost>false</UseAppHost>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TorchSharp" />
              </ItemGroup>
              {body}
              <Import Project="Sdk.targets" Sdk="Microsoft.NET.Sdk" />
            </Project>
            """);
    }

    /// <summary>A project that takes the build step from the repository, as the repository's own projects do.</summary>
    public static TemporaryProject WithBuildStep(string body = "") =>
        new($"""{body}<Import Project="{Surroundings.RepositoryRoot}eng/GlibcxxCompatibility/GlibcxxCompatibility.targets" />""");

    public string Write(string name, string content)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs <c>dotnet</c> in the project's folder and returns what it prints.</summary>
    public string Dotnet(params string[] arguments)
    {
        var (exitCode, output) = TryDotnet(arguments);
        Assert.True(exitCode == 0, output);
        return output;
    }

    public (int ExitCode, string Output) TryDotnet(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [.. arguments, "-nologo", "-nodeReuse:false"]) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true };
        foreach (var inherited in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(inherited); // the test host's own build sets some of these for its children
        }

        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    /// <summary>The SHA-256 of TorchSharp's Linux library below a folder of the output.</summary>
    public string LibraryIn(params string[] path) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine([folder.FullName, .. path, "libLibTorchSharp.so"]))));

    public void Dispose() => folder.Delete(recursive: true);
}
