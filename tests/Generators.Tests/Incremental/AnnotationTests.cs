using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace QuantGen.Tests.Incremental;

/// <summary>However the attribute is written, it is found; and nothing else is.</summary>
public sealed class AnnotationTests
{
    private const string Net = """
        namespace Models
        {
            {0}
            public class Net() : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>("net")
            {
                public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x;
            }
        }
        """;

    [Theory]
    [InlineData("", "[QuantGen.Quantize]")]
    [InlineData("", "[global::QuantGen.QuantizeAttribute]")]
    [InlineData("using QuantGen;", "[@QuantizeAttribute, System.Serializable]")]
    [InlineData("using Q = QuantGen.QuantizeAttribute;", "[Q]")]
    [InlineData("using QAttribute = QuantGen.QuantizeAttribute;", "[Q]")]
    [InlineData("using Generator = QuantGen;", "[Generator::Quantize]")]
    public void In_the_file(string usings, string attribute) => Assert.Single(Files(usings + Text(attribute)));

    [Theory]
    [InlineData("global using QuantGen;", "[Quantize]")]
    [InlineData("global using Q = QuantGen.QuantizeAttribute;", "[Q]")]
    [InlineData("global using QAttribute = QuantGen.QuantizeAttribute;", "[Q]")]
    public void By_a_using_for_all_files(string usings, string attribute) => Assert.Single(Files(Text(attribute), usings));

    [Fact]
    public void By_an_alias_of_a_namespace_that_is_made_of_another()
        => Assert.Single(Files("using A = QuantGen.QuantizeAttribute;\n" + Text("[B]").Replace("{\n    [B]", "{\n    using B = A;\n    [B]", StringComparison.Ordinal)));

    [Theory]
    [InlineData("using Q = QuantGen.QuantizeAttribute;")]
    [InlineData("global using Q = QuantGen.QuantizeAttribute;")]
    public void On_the_assembly_by_an_alias(string usings) => Assert.Single(Files(Text(""), usings + "[assembly: Q(typeof(Models.Net))]"));

    [Theory]
    [InlineData("[Quantize]", "public class QuantizeAttribute : System.Attribute;")]
    [InlineData("[Quantize]", "namespace Models { public class Quantize : System.Attribute; }")]
    [InlineData("[System.Serializable]", "")]
    public void Another_attribute_is_none(string attribute, string declaration) => Assert.Empty(Files(Text(attribute), declaration));

    [Fact]
    public void A_using_that_gives_the_attribute_its_meaning_is_seen_when_it_comes()
    {
        Project project = new(Text("[Quantize]"), "namespace Models { public class QuantizeAttribute : System.Attribute; }");
        Assert.Empty(project.Result.GeneratedSources);
        Assert.Single(project.Edit(1, "namespace Models { public class QuantizeAttribute : System.Attribute; }", "global using QuantGen;").GeneratedSources);
    }

    private static string Text(string attribute) => Net.Replace("{0}", attribute, StringComparison.Ordinal);

    private static ImmutableArray<GeneratedSourceResult> Files(params string[] sources) => new Project(sources).Result.GeneratedSources;
}
