using System;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;

namespace QuantGen.Tests;

/// <summary>The package made of what this build has built, used as from a feed.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string feed = Directory.CreateTempSubdirectory("quantgen-feed-").FullName;

    public void Dispose() => Directory.Delete(feed, recursive: true);

    [Fact]
    public void The_package_holds_runtime_generator_and_build_step_and_gives_them_to_its_users()
    {
        using var user = new TemporaryProject($"""
            <PropertyGroup>
              <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
              <RestoreSources>{feed}</RestoreSources>
              <RestorePackagesPath>{feed}/installed</RestorePackagesPath>
              <RestoreFallbackFolders>{Surroundings.PackageFolder}</RestoreFallbackFolders>
            </PropertyGroup>
            <ItemGroup>
              <PackageVersion Include="QuantGen" Version="0.1.0" />
              <PackageReference Include="QuantGen" />
            </ItemGroup>
            """);
        var runtime = Path.Combine(Surroundings.RepositoryRoot, "src", "Runtime", "QuantGen.Runtime.csproj");

        user.Dotnet("pack", runtime, "--no-build", "-c", Surroundings.Configuration, "-o", feed);
        using (var package = ZipFile.OpenRead(Directory.GetFiles(feed, "QuantGen.*.nupkg").Single()))
        {
            var files = package.Entries.Select(entry => entry.FullName).ToArray();
            Assert.Contains("lib/net10.0/QuantGen.Runtime.dll", files);
            Assert.Contains("analyzers/dotnet/cs/QuantGen.Generators.dll", files);
            Assert.Contains("analyzers/dotnet/cs/QuantGen.Analyzers.dll", files);
            Assert.Contains("analyzers/dotnet/cs/QuantGen.CodeFixes.dll", files);
            Assert.Equal(
                ["buildTransitive/GlibcxxCompatibility.targets", "buildTransitive/QuantGen.targets", "buildTransitive/RelaxGlibcxx.cs"],
                files.Where(file => file.StartsWith("buildTransitive/", StringComparison.Ordinal)).Order());
            Assert.Equal(["Google.Protobuf", "TorchSharp", "YamlDotNet"], Dependencies(package));
        }

        user.Dotnet("publish", "-r", "linux-x64", "-o", "published", "-p:QuantGenRelaxGlibcxx=true");
        Assert.Equal(TemporaryProject.Relaxed, user.LibraryIn("published"));
    }

    private static string[] Dependencies(ZipArchive package)
    {
        using var nuspec = package.GetEntry("QuantGen.nuspec")!.Open();
        return [.. XDocument.Load(nuspec).Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value).Order()];
    }
}
