using QuantGen.Tests.Verification;

namespace QuantGen.Tests;

public sealed class SampleTests
{
    private static readonly Generated s_generated = Generated.From(Compiler.Compile(
        new[] { "samples/Digits/Models/DigitsNet.cs", "samples/Digits/Models/ResidualBlock.cs" }
            .Select(path => Compiler.Parse(ExpectedFile.RepositoryFile(path), path))));

    [Theory]
    [InlineData("QuantDigitsNet")]
    [InlineData("QuantDigitsNetInt4")]
    [InlineData("QuantResidualBlock")]
    [InlineData("QuantResidualBlockInt4")]
    public void The_generated_class_of_the_sample_reads_like_the_users_own(string name)
        => ExpectedFile.Match(name + ".g.cs", s_generated[name]);

    [Fact]
    public void The_sample_gives_one_file_for_each_profile_and_no_diagnostic()
    {
        Assert.Equal(
            ["Digits.Models.QuantDigitsNet.g.cs", "Digits.Models.QuantDigitsNetInt4.g.cs", "Digits.Models.QuantResidualBlock.g.cs", "Digits.Models.QuantResidualBlockInt4.g.cs"],
            s_generated.Files);
        Assert.Empty(s_generated.Diagnostics);
    }
}
