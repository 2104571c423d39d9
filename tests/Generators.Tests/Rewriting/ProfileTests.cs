using System.Globalization;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>Profiles that are declared once, for many classes or fields, and code over several profiles.</summary>
public sealed class ProfileTests
{
    private const string Models = """
        namespace Models
        {
            [Quantize] public class Block : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public Block() : base("block") => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x);
            }

            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Block block = new();
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => block.call(x);
            }
        }

        namespace Models.Extra
        {
            public class Head() : Module<Tensor, Tensor>("head")
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public override Tensor forward(Tensor x) => fc.call(x);
            }
        }
        """;

    [Fact]
    public void A_profile_of_the_assembly_is_for_all_annotated_classes()
    {
        Generated generated = Generate("[assembly: QuantizeProfile(\"Int4\", Weight = \"4bit\")]");
        Assert.Equal(["Models.QuantBlock.g.cs", "Models.QuantBlockInt4.g.cs", "Models.QuantNet.g.cs", "Models.QuantNetInt4.g.cs"], generated.Files);
        Assert.Contains("private readonly QuantBlockInt4 block = new();", generated["QuantNetInt4"], StringComparison.Ordinal);
        Assert.Contains("Weight = new() { NumBits = 4, Axis = 0 };", generated["QuantBlockInt4"], StringComparison.Ordinal);
        Assert.Empty(generated.Diagnostics);
    }

    [Theory]
    [InlineData("Models.Extra.*", "Models.Extra.QuantHeadInt4.g.cs")]
    [InlineData("Hea*", "Models.Extra.QuantHeadInt4.g.cs")]
    [InlineData("Models.Net", "Models.QuantNetInt4.g.cs")]
    public void Patterns_of_names_choose_classes_annotated_or_not(string classes, string file)
        => Assert.Equal(
            [file],
            Generate($"[assembly: QuantizeProfile(\"Int4\", Classes = \"{classes}\")]").Files.Where(name => name.Contains("Int4", StringComparison.Ordinal)));

    [Fact]
    public void A_pattern_that_matches_no_class_is_an_error()
        => Assert.Equal("QG1017: 'Modles.*' matches no class of modules in 'Models'", Said(Generate("[assembly: QuantizeProfile(\"Int4\", Classes = \"Modles.*\")]")));

    [Theory]
    [InlineData("head*", "HeadLeftWeight", null)]
    [InlineData("headLeft, headRight", "HeadLeftWeight", null)]
    [InlineData("haed*", null, "QG1017: 'haed*' matches no field or property of modules in 'Net'")]
    public void Settings_for_fields_by_their_names(string fields, string? descriptor, string? message)
    {
        Generated generated = Generated.FromModel($$"""
            [Quantize]
            [Quantize(Fields = "{{fields}}", Weight = "4bit")]
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> stem = Linear(2, 2);
                private readonly Module<Tensor, Tensor> headLeft = Linear(2, 2);
                private readonly Module<Tensor, Tensor> headRight = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => headRight.call(headLeft.call(stem.call(x)));
            }
            """);
        Assert.Equal(message, generated.Diagnostics.Count == 0 ? null : Said(generated));
        Assert.Equal(["Models.QuantNet.g.cs"], generated.Files);
        Assert.Contains("stem = new QuantLinear(2, 2, input: Quantization.Input, weight: Quantization.Weight)", generated.Text, StringComparison.Ordinal);
        if (descriptor is not null)
        {
            Assert.Contains($"headLeft = new QuantLinear(2, 2, input: Quantization.HeadLeftInput, weight: Quantization.{descriptor})", generated.Text, StringComparison.Ordinal);
            Assert.Contains($"{descriptor} = new() {{ NumBits = 4, Axis = 0 }};", generated.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Code_over_several_profiles_needs_no_switch_of_types()
        => Assert.Empty(Compiler.ErrorsWithGenerated(Compiler.Usings + "[assembly: QuantizeProfile(\"Int4\", Weight = \"4bit\")]\n" + Models + """
            namespace Models.Use
            {
                using QuantGen.Modules;
                public static class Use
                {
                    public static int Compare(Tensor example)
                    {
                        int count = 0;
                        foreach (IQuantizedModel model in new IQuantizedModel[] { new QuantNet(), new QuantNetInt4(), new QuantBlock() })
                        {
                            model.LoadState("net.dat");
                            count += model.Quantizers.Count;
                            model.ExportOnnx("net.onnx", example);
                        }

                        return count;
                    }
                }
            }
            """));

    private static Generated Generate(string attributes) => Generated.From(Compiler.Usings + attributes + "\n" + Models);

    private static string Said(Generated generated)
        => Assert.Single(generated.Diagnostics) is var said ? $"{said.Id}: {said.GetMessage(CultureInfo.InvariantCulture)}" : "";
}
