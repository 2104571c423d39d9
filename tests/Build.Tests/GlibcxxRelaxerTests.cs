using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using QuantGen.Build;
using TorchSharp;

namespace QuantGen.Tests;

public class GlibcxxRelaxerTests
{
    private static byte[] Original { get; } = File.ReadAllBytes(Surroundings.TorchSharpLibrary);

    [Fact]
    public void The_original_needs_a_symbol_of_GCC_13()
    {
        var tables = new ElfTables(Original);

        Assert.Single(tables.UndefinedSymbolVersions("_ZSt21ios_base_library_initv"));
        Assert.Empty(tables.UndefinedSymbolVersions("rand"));
        Assert.Equal(0, tables.NeededVersionFlags("GLIBCXX_3.4.32"));
    }

    [Fact]
    public void The_relaxed_library_needs_rand_of_any_version_instead()
    {
        var tables = new ElfTables(Relaxed());

        Assert.Empty(tables.UndefinedSymbolVersions("_ZSt21ios_base_library_initv"));
        Assert.Equal([1], tables.UndefinedSymbolVersions("rand"));
        Assert.Equal(2, tables.NeededVersionFlags("GLIBCXX_3.4.32"));
    }

    [Fact]
    public void Nothing_else_is_changed()
    {
        var relaxed = Relaxed();

        Assert.Equal(Original.Length, relaxed.Length);
        Assert.InRange(Original.Zip(relaxed).Count(pair => pair.First != pair.Second), 3, 4 + 2 + 2);
    }

    [Fact]
    public void The_bytes_passed_in_stay_as_they_are()
    {
        var input = (byte[])Original.Clone();

        GlibcxxRelaxer.Relax(input, out _);

        Assert.Equal(Original, input);
    }

    [Fact]
    public void A_library_that_differs_in_one_byte_is_refused()
    {
        var other = (byte[])Original.Clone();
        other[^1] ^= 1;

        Assert.Null(GlibcxxRelaxer.Relax(other, out var refusal));
        Assert.StartsWith("it is not the known binary of TorchSharp 0.107.0 for linux-x64 (SHA-256 ", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_refused()
    {
        Assert.Null(GlibcxxRelaxer.Relax([], out var refusal));
        Assert.Equal(
            "it is not the known binary of TorchSharp 0.107.0 for linux-x64 "
            + "(SHA-256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855).",
            refusal);
    }

    [LinuxX64Fact]
    public void The_relaxed_library_loads()
    {
        var folder = Directory.CreateTempSubdirectory("quantgen-");
        try
        {
            var file = Path.Combine(folder.FullName, "libLibTorchSharp.so");
            File.WriteAllBytes(file, Relaxed());
            NativeLibrary.Load(Path.Combine(AppContext.BaseDirectory, "libtorch.so"));

            Assert.True(NativeLibrary.TryGetExport(NativeLibrary.Load(file), "THSTensor_rand", out _));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Torch_runs_in_this_very_test()
    {
        TorchNative.EnsureLoaded();

        using var sum = torch.ones(2, 3).sum();
        Assert.Equal(6, sum.item<float>());
    }

    private static byte[] Relaxed() => Assert.IsType<byte[]>(GlibcxxRelaxer.Relax(Original, out _));
}
