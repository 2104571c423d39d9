using System;
using QuantGen.Native;

namespace QuantGen.Tests;

public class TorchLoadFailureTests
{
    private const string OldLibstdcxx =
        "Unable to load shared library 'LibTorchSharp' or one of its dependencies.\n"
        + "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)\n"
        + "/app/LibTorchSharp.so: cannot open shared object file: No such file or directory\n";

    private const string NoLibTorch = "libtorch.so: cannot open shared object file: No such file or directory";

    [Fact]
    public void A_libstdcxx_that_is_too_old_is_named_with_the_property_that_helps()
    {
        var explanation = TorchLoadFailure.Explain(OldLibstdcxx, hasLibTorch: true);

        Assert.True(TorchLoadFailure.IsOldLibstdcxx(OldLibstdcxx));
        Assert.Contains("it needs GLIBCXX_3.4.32, which this system's libstdc++ is too old for", explanation, StringComparison.Ordinal);
        Assert.Contains("-p:QuantGenRelaxGlibcxx=true", explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_backend_package_the_packages_are_named()
    {
        var explanation = TorchLoadFailure.Explain(NoLibTorch, hasLibTorch: false);

        Assert.False(TorchLoadFailure.IsOldLibstdcxx(NoLibTorch));
        Assert.StartsWith("TorchSharp has no native backend here: reference the package TorchSharp-cpu", explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Anything_else_is_told_in_the_loaders_words()
    {
        var explanation = TorchLoadFailure.Explain("libgomp.so.1: cannot open shared object file\n", hasLibTorch: true);

        Assert.Equal(
            "TorchSharp's native library does not load, though libtorch is there. The loader says: libgomp.so.1: cannot open shared object file",
            explanation);
    }
}
