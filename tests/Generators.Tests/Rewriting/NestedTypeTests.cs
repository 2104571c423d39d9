using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>Types nested in a model: those with layers are quantized with it, those that users fill in stay the model's own.</summary>
public sealed class NestedTypeTests
{
    private const string Configured = """
        [Quantize] public sealed class Configured : Module<Tensor, Tensor>
        {
            /// <summary>How large.</summary>
            public sealed record Config(long Width, Activation Activation = Activation.None);

            public enum Activation { None, ReLU }

            private readonly Module<Tensor, Tensor> fc;
            private readonly Activation activation;

            public Configured(Config config) : base("Configured")
            {
                fc = Linear(8, config.Width);
                activation = config.Activation;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x) => Apply(fc.call(x), activation);

            private static Tensor Apply(Tensor x, Activation activation) => activation switch
            {
                Activation.ReLU => functional.relu(x),
                Configured.Activation.None => x,
                _ => throw new System.ArgumentOutOfRangeException(nameof(activation), nameof(Activation)),
            };
        }

        """;

    [Fact]
    public void A_nested_configuration_is_that_of_the_model_also_for_its_sibling()
    {
        Generated generated = Generated.FromModel(Configured);

        Assert.Equal("public QuantConfigured(Configured.Config config) : base(\"Configured\")", generated.LineWith("public QuantConfigured("));
        Assert.DoesNotContain("record Config", generated.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("How large", generated.Text, StringComparison.Ordinal);
        Assert.Empty(Compiler.ErrorsWithGenerated(Compiler.Usings + "namespace Models;\n" + Configured + """
            public static class Use
            {
                public static QuantConfigured Make(Configured.Config config) => new(config);
                public static QuantConfigured Make() => new(new Configured.Config(4, Configured.Activation.ReLU));
            }
            """));
        Assert.Empty(generated.Diagnostics);
    }

    [Fact]
    public void Lines_behind_a_type_that_is_taken_out_stay_where_they_are()
    {
        string[] lines = Generated.FromModel(Configured).Text.Split('\n');
        int directive = Array.FindIndex(lines, line => line.StartsWith("#line 7 ", StringComparison.Ordinal));
        string[] source = (Compiler.Usings + "namespace Models;\n" + Configured).Split('\n');

        Assert.Equal(
            Array.FindIndex(source, line => line.Contains("RegisterComponents", StringComparison.Ordinal)) + 1,
            Array.FindIndex(lines, line => line.Contains("RegisterComponents", StringComparison.Ordinal)) - directive + 7 - 1);
    }

    [Fact]
    public void An_enum_that_a_helper_takes_is_no_reason_against_the_model()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                public enum Size { Small, Large }

                private readonly Linear fc;

                public Net(Size size) : base("net")
                {
                    fc = Linear(Sizes.WidthOf(size), 2);
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => fc.call(x);
            }

            public static class Sizes
            {
                public static int WidthOf(Net.Size size) => size == Net.Size.Small ? 4 : 8;
            }
            """);
        Assert.Contains("public QuantNet(Net.Size size)", generated.Text, StringComparison.Ordinal);
        Assert.Empty(generated.Diagnostics);
    }

    [Fact]
    public void A_derived_model_names_the_configuration_of_its_base()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Base : Module<Tensor, Tensor>
            {
                public class Options { public long Width { get; set; } = 4; public Shape? Shape; public struct Item { public int Index; } }
                public readonly record struct Shape(long Height, long Width);

                protected readonly Linear fc;
                protected Base(Options options) : base("base") => fc = Linear(options.Width, options.Width);
                public override Tensor forward(Tensor x) => fc.call(x);
            }

            [Quantize] public class Derived : Base
            {
                private readonly Options.Item item = new() { Index = 1 };
                public Derived(Options options) : base(options) => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x) * item.Index;
            }
            """);
        Assert.Contains("public QuantDerived(Base.Options options) : base(options)", generated["QuantDerived"], StringComparison.Ordinal);
        Assert.Contains("private readonly Base.Options.Item item", generated["QuantDerived"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_configuration_of_a_generic_model_and_of_a_block_in_it_stay()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net<T> : Module<Tensor, Tensor> where T : struct
            {
                public class Block : Module<Tensor, Tensor>
                {
                    public enum Kind { Plain, Wide }
                    private readonly Linear fc;
                    public Block(Kind kind) : base("block") { fc = Linear(2, kind == Kind.Plain ? 2 : 4); RegisterComponents(); }
                    public override Tensor forward(Tensor x) => fc.call(x);
                }

                public sealed record Config(T Value, Block.Kind Kind);

                private readonly Block block;
                public Net(Config config) : base("net") { block = new Block(config.Kind); _ = Block.Kind.Wide; RegisterComponents(); }
                public override Tensor forward(Tensor x) => block.call(x);
            }
            """);
        Assert.Contains("public QuantNet(global::Models.Net<T>.Config config)", generated.Text, StringComparison.Ordinal);
        Assert.Contains("global::Models.Net<T>.Block.Kind.Wide", generated.Text, StringComparison.Ordinal);
        Assert.Contains("kind == global::Models.Net<T>.Block.Kind.Plain", generated.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("private record Config(long Width);", "a private type is not seen by the sibling")]
    [InlineData("public record Config(Linear Layer);", "a layer in it changes")]
    [InlineData("public record Config(Part Part); public sealed class Part() : Module(\"part\");", "a module of the model in it changes")]
    [InlineData("public static class Config { public static Tensor Twice(Tensor x) => x * 2; }", "what it does with tensors is exported")]
    public void A_nested_type_is_copied_where_it_must_be(string type, string reason)
    {
        Generated generated = Generated.FromModel($$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                {{type}}
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => x;
            }
            """);
        Assert.True(generated.Text.Contains(" Config", StringComparison.Ordinal), reason);
    }

    [Theory]
    [InlineData("public Net(Config config) : base(\"net\") => Settings = config;")]
    [InlineData("public Net() : base(\"net\") { } internal Config Given { set => Settings = value; }")]
    [InlineData("public Net() : base(\"net\") { } public void Configure(System.Collections.Generic.List<Config> all) => Settings = all[0];")]
    public void A_class_with_methods_over_tensors_that_others_hand_in_is_theirs(string taker)
    {
        string model = $$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                public sealed class Config
                {
                    public long Width { get; init; } = 4;
                    public Tensor Scaled(Tensor x) => x * Width;
                }

                private readonly Linear fc = Linear(4, 4);
                private Config Settings { get; set; } = new();
                {{taker}}
                public override Tensor forward(Tensor x) => Settings.Scaled(fc.call(x));
            }

            """;
        Generated generated = Generated.FromModel(model);

        Assert.DoesNotContain("class Config", generated.Text, StringComparison.Ordinal);
        Assert.Contains("private Net.Config Settings", generated.Text, StringComparison.Ordinal);
        Assert.Equal(["QG1005"], generated.Diagnostics.Select(diagnostic => diagnostic.Id));
    }

    [Fact]
    public void Quantize_on_a_class_nested_in_a_model_says_how_it_is_quantized_there()
    {
        Generated generated = Generated.FromModel("""
            [Quantize]
            [Quantize(Name = "QuantNetInt4", Weight = "4bit")]
            public class Net : Module<Tensor, Tensor>
            {
                [Quantize(Input = "16bit")]
                [Quantize(Name = "QuantBlockInt4", Weight = "2bit")]
                public class Block : Module<Tensor, Tensor>
                {
                    private readonly Linear fc = Linear(2, 2);
                    public Block() : base("block") => RegisterComponents();
                    public override Tensor forward(Tensor x) => x + fc.call(x);
                }

                private readonly Block block = new();
                private readonly Linear head = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(block.call(x));
            }
            """);

        Assert.Equal(["Models.QuantNet.g.cs", "Models.QuantNetInt4.g.cs"], generated.Files);
        Assert.Empty(generated.Diagnostics);
        Assert.Contains("QuantLinear fc = new QuantLinear(2, 2, input: Quantization.BlockInput, weight: Quantization.BlockWeight);", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("residual_quantizer = new(Quantization.BlockResidual);", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("QuantLinear fc = new QuantLinear(2, 2, input: Quantization.BlockInput, weight: Quantization.BlockWeight);", generated["QuantNetInt4"], StringComparison.Ordinal);
        Assert.Contains("QuantLinear head = new QuantLinear(2, 2, input: Quantization.Input, weight: Quantization.Weight);", generated["QuantNetInt4"], StringComparison.Ordinal);
        Assert.DoesNotContain("[Quantize(", generated["QuantNet"], StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_partial_model_an_annotated_nested_class_has_a_sibling_of_its_own_too()
        => Assert.Equal(
            ["Models.Net.QuantBlock.g.cs", "Models.QuantNet.g.cs"],
            Generated.FromModel("""
                [Quantize] public partial class Net() : Module("net")
                {
                    [Quantize] public class Block() : Module("block");
                }
                """).Files);
}
