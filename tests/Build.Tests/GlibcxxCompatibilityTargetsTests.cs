using System;

namespace QuantGen.Tests;

public class GlibcxxCompatibilityTargetsTests
{
    private const string On = "-p:QuantGenRelaxGlibcxx=true";

    private static readonly string[] NativeFolder = ["bin", "Debug", "net10.0", "runtimes", "linux-x64", "native"];

    [Fact]
    public void A_build_without_a_runtime_identifier_gets_the_relaxed_library_once()
    {
        using var project = TemporaryProject.WithBuildStep();

        project.Dotnet("build", On);
        var second = project.Dotnet("build", On, "-v:detailed");

        Assert.Equal(TemporaryProject.Relaxed, project.LibraryIn(NativeFolder));
        Assert.Contains("Skipping target \"_QuantGenRelaxTorchSharpLibrary\"", second, StringComparison.Ordinal);
    }

    [Fact]
    public void Switching_off_brings_the_original_back()
    {
        using var project = TemporaryProject.WithBuildStep();

        project.Dotnet("build", On);
        project.Dotnet("build", "-p:QuantGenRelaxGlibcxx=false");

        Assert.Equal(TemporaryProject.Original, project.LibraryIn(NativeFolder));
    }

    [Fact]
    public void Publishing_for_linux_x64_takes_the_relaxed_library()
    {
        using var project = TemporaryProject.WithBuildStep();

        project.Dotnet("publish", "-r", "linux-x64", "-o", "published", On);

        Assert.Equal(TemporaryProject.Relaxed, project.LibraryIn("published"));
        Assert.Equal(TemporaryProject.Relaxed, project.LibraryIn("bin", "Release", "net10.0", "linux-x64"));
    }

    [Theory]
    [InlineData("GLIBCXX_3.4.30", true)]
    [InlineData("GLIBCXX_3.4.30\0GLIBCXX_3.4.31\0GLIBCXX_3.4.32", false)]
    public void By_default_the_systems_libstdcxx_decides(string versions, bool isTooOld)
    {
        using var project = TemporaryProject.WithBuildStep();
        var libstdcxx = project.Write("libstdc++.so.6", versions);

        project.Dotnet("build", $"-p:QuantGenLibstdcxx={libstdcxx}");

        var relaxes = isTooOld && Surroundings.IsLinuxX64;
        Assert.Equal(relaxes ? TemporaryProject.Relaxed : TemporaryProject.Original, project.LibraryIn(NativeFolder));
    }

    [Fact]
    public void An_unknown_library_is_left_alone_with_a_warning_that_breaks_no_build()
    {
        const string unknown = """
            <Target Name="UseUnknownLibrary" AfterTargets="ResolvePackageAssets" BeforeTargets="QuantGenSwapTorchSharpLibrary">
              <ItemGroup>
                <Swapped Include="@(RuntimeTargetsCopyLocalItems->'$(MSBuildProjectDirectory)/libLibTorchSharp.so')" Condition="'%(Filename)%(Extension)' == 'libLibTorchSharp.so'" />
                <RuntimeTargetsCopyLocalItems Remove="@(RuntimeTargetsCopyLocalItems)" Condition="'%(Filename)%(Extension)' == 'libLibTorchSharp.so'" />
                <RuntimeTargetsCopyLocalItems Include="@(Swapped)" />
              </ItemGroup>
            </Target>
            """;
        using var project = TemporaryProject.WithBuildStep(unknown);
        project.Write("libLibTorchSharp.so", "another library");
        var before = project.LibraryIn();

        var output = project.Dotnet("build", On);

        Assert.Contains("warning QG9001: TorchSharp's native library is left as it is: it is not the known binary of TorchSharp 0.107.0", output, StringComparison.Ordinal);
        Assert.Equal(before, project.LibraryIn());
        Assert.Equal(before, project.LibraryIn(NativeFolder));
    }

    [Fact]
    public void A_value_that_the_property_does_not_know_is_an_error()
    {
        using var project = TemporaryProject.WithBuildStep();

        var (exitCode, output) = project.TryDotnet("build", "-p:QuantGenRelaxGlibcxx=sometimes");

        Assert.Equal(1, exitCode);
        Assert.Contains("error QG9002: QuantGenRelaxGlibcxx is 'sometimes'; it can be auto, true or false.", output, StringComparison.Ordinal);
    }
}
