using System.Reflection;
using QuantGen.Tests.Verification;
using TorchSharp;

namespace QuantGen.Tests.Rewriting;

/// <summary>Every shape in which a class can be written gives a sibling of the same shape that compiles and runs.</summary>
public sealed class ClassShapeTests
{
    [Fact]
    public void A_nested_class_is_quantized_with_the_model_and_has_its_own_residuals()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Inner inner = new(3);
                public Net() : base("n") => RegisterComponents();
                public override Tensor forward(Tensor x) => x + inner.call(x);
                private sealed class Inner : Module<Tensor, Tensor>
                {
                    private readonly Conv2d conv;
                    public Inner(long n) : base("i") { conv = nn.Conv2d(n, n, 1L); RegisterComponents(); }
                    public override Tensor forward(Tensor x) => x + conv.call(x);
                }
            }
            """);
        Assert.Equal(2, generated.Text.Split("residual_quantizer = new(Quantization.Residual)").Length - 1);
        Assert.Equal(
            ["residual_quantizer", "inner.residual_quantizer", "inner.conv._input_quantizer", "inner.conv._weight_quantizer"],
            Quantizers(generated, "QuantNet"), StringSet);
    }

    [Fact]
    public void A_generic_class_with_a_primary_constructor_keeps_both()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net<T>(T stem, long n) : Module<Tensor, Tensor>("n") where T : Module<Tensor, Tensor>
            {
                private readonly T stem = stem;
                private readonly Linear fc = nn.Linear(n, n);
                public Net<T> Twin() => new Net<T>(stem, 2);
                public override Tensor forward(Tensor x)
                {
                    var y = stem.call(x);
                    return torch.add(y, fc.call(y)) * 0.5;
                }
            }
            """);
        Assert.StartsWith("public class QuantNet<T>(T stem, long n) : Module<Tensor, Tensor>(\"n\")", generated.LineWith("class QuantNet"), StringComparison.Ordinal);
        Assert.EndsWith(" where T : Module<Tensor, Tensor>", generated.LineWith("class QuantNet"), StringComparison.Ordinal);
        Assert.Equal("public QuantNet<T> Twin() => new QuantNet<T>(stem, 2);", generated.LineWith("Twin"));
        Assert.Equal("Models.QuantNet{1}.g.cs", Assert.Single(generated.Files));
    }

    [Fact]
    public void A_class_in_other_types_and_namespaces_is_put_beside_the_original()
    {
        Generated generated = Generated.From("""
            namespace Outer
            {
                using QuantGen;
                using TorchSharp;
                namespace Inner.Most
                {
                    using Net = System.Int32;
                    using static TorchSharp.torch;
                    internal static partial class Zoo
                    {
                        public partial record struct Cage<T>
                        {
                            /// <summary>A model.</summary>
                            [Quantize] private class Model : nn.Module<Tensor, Tensor>
                            {
                                private static readonly Net Count = 3;
                                private readonly TorchSharp.Modules.Linear fc = nn.Linear(Count, Count);
                                public Model() : base(nameof(Model)) => RegisterComponents();
                                public override Tensor forward(Tensor x) { Tensor Local(Tensor t) => t + fc.call(x); return Local(x); }
                                ~Model() { }
                            }
                        }
                    }
                }
            }
            """);
        ExpectedFile.Match("NestedNamespaces.g.cs", generated.Text);
        Assert.Equal("Outer.Inner.Most.Zoo.Cage{1}.QuantModel.g.cs", Assert.Single(generated.Files));
    }

    [Fact]
    public void Aliases_and_global_usings_hold_in_the_generated_file()
    {
        Generated generated = Generated.From(
            "global using TorchSharp;\nglobal using static TorchSharp.torch.nn;\nglobal using Tensor = TorchSharp.torch.Tensor;",
            """
            using Conv = TorchSharp.Modules.Conv2d;
            using F = TorchSharp.torch.nn.functional;
            [QuantGen.Quantize]
            internal class Net : Module<Tensor, Tensor>
            {
                private readonly Conv conv = Conv2d(1, 1, 1);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => F.relu(conv.call(x)) + x;
            }
            """);
        Assert.Equal("private readonly QuantConv2d conv = new QuantConv2d(1, 1, 1, input: Quantization.Input, weight: Quantization.Weight);", generated.LineWith(" conv ="));
        Assert.Equal("public override Tensor forward(Tensor x) => F.relu(conv.call(x)) + residual_quantizer.call(x);", generated.LineWith("override Tensor forward"));
    }

    [Fact]
    public void An_alias_of_a_type_with_a_module_in_it_is_written_out()
    {
        Generated generated = Generated.From(
            "global using Heads = System.Collections.Generic.Dictionary<string, TorchSharp.Modules.Linear?[]>;",
            "using Pair = (TorchSharp.Modules.Conv2d Conv, int Size);\nusing Part = Models.Net.Inner;\nusing Words = System.Collections.Generic.List<string>;\nusing Convs = TorchSharp.Modules.Conv2d[][,];\n" + Compiler.Usings + """
            namespace Models;
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private Pair pair = (Conv2d(1, 1, 1), 1);
                private readonly Heads heads = new();
                private readonly Part part = new Part();
                private readonly Words words = [];
                private readonly Convs convs = [];
                public Net() : base("net") { register_module("conv", pair.Conv); heads["a"] = [Linear(2, 2), null]; _ = (words, convs); RegisterComponents(); }
                public override Tensor forward(Tensor x) => heads["a"][0]!.call(part.call(pair.Conv.call(x)));
                public sealed class Inner() : Module<Tensor, Tensor>("inner") { public override Tensor forward(Tensor x) => x; }
            }
            """);
        Assert.StartsWith("private (QuantConv2d Conv, int Size) pair = (new QuantConv2d(", generated.LineWith(" pair ="), StringComparison.Ordinal);
        Assert.Equal("private readonly global::System.Collections.Generic.Dictionary<string, QuantLinear?[]> heads = new();", generated.LineWith(" heads ="));
        Assert.Equal("private readonly global::Models.QuantNet.Inner part = new global::Models.QuantNet.Inner();", generated.LineWith(" part ="));
        Assert.Equal("private readonly QuantConv2d[][,] convs = [];", generated.LineWith(" convs ="));
        Assert.Equal("private readonly Words words = [];", generated.LineWith(" words ="));
    }

    [Fact]
    public void A_name_that_means_something_else_is_written_in_full()
    {
        Generated generated = Generated.FromModel("""
            public class QuantLinear { }
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                private readonly int Quantization = 1, residual_quantizer = 2;
                private readonly QuantDescriptor? TensorQuantizer = null;
                public Net() : base("net") { RegisterComponents(); _ = (Quantization, residual_quantizer, TensorQuantizer); }
                public override Tensor forward(Tensor x) => x + fc.call(x);
            }
            """);
        Assert.Contains("private readonly global::QuantGen.Modules.QuantLinear fc = new global::QuantGen.Modules.QuantLinear(2, 2, input: Quantization_.Input", generated.Text, StringComparison.Ordinal);
        Assert.Contains("private readonly global::QuantGen.TensorQuantizer residual_quantizer_ = new(Quantization_.Residual);", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespace_whose_names_clash_with_the_users_is_not_imported()
    {
        Generated generated = Generated.From(
            "namespace Lib { public class QuantConv2d { } }",
            """
            using Lib;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;
            namespace Models;
            [QuantGen.Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly QuantConv2d other = new();
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public Net() : base("net") { RegisterComponents(); _ = other; }
                public override Tensor forward(Tensor x) => fc.call(x);
            }
            """);
        Assert.Contains("private readonly QuantConv2d other = new();", generated.Text, StringComparison.Ordinal);
        Assert.Contains("new global::QuantGen.Modules.QuantLinear(2, 2", generated.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("using QuantGen.Modules;", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Attributes_comments_directives_and_nullable_context_stay()
    {
        Generated generated = Generated.From("""
            #define FAST
            #undef SLOW
            using System;
            using QuantGen;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;
            #nullable disable

            namespace Models;

            /// <summary>
            /// A model, <see cref="Net"/>.
            /// </summary>
            [Serializable, Quantize(Input = "8bit"), Obsolete]
            [Quantize(Name = "QuantNet4",
                Input = "4bit")]
            public class Net : Module<Tensor, Tensor>
            {
                // The head.
                private readonly Module<Tensor, Tensor> fc; /* two of them */
            #if FAST
                private readonly string title = null;
            #else
                private readonly string title = Linear(1, 1);
            #endif
                #region all
                public Net() : base("net") { fc = Linear(2, 2); _ = title; RegisterComponents(); }
                #endregion
                public override Tensor forward(Tensor x) => fc.call(x);
            }
            """);
        ExpectedFile.Match("Surroundings.g.cs", generated["QuantNet"]);
    }

    [Fact]
    public void Another_model_is_named_by_rule_and_by_the_suffix_of_the_profile()
    {
        Generated generated = Generated.From(
            Compiler.Usings + """
            namespace Models;
            [Quantize, Quantize(Name = "QuantNetSmall", Input = "4bit"), Quantize(Name = "Special")]
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Blocks.Block block = new Blocks.Block(1);
                private readonly Module<Tensor, Tensor> other = new Lonely();
                public Net() : base("net") { RegisterComponents(); _ = other; }
                public override Tensor forward(Tensor x) => block.call(x);
            }
            """,
            Compiler.Usings + """
            namespace Models.Blocks;
            [Quantize(Name = "QuantBlock"), Quantize(Name = "QuantBlockSmall")]
            public class Block : Module<Tensor, Tensor>
            {
                public Block(long n) : base("block") { _ = n; }
                public override Tensor forward(Tensor x) => x;
            }
            """,
            Compiler.Usings + """
            namespace Models;
            [Quantize(Name = "LonelyInt8")]
            public class Lonely() : Module<Tensor, Tensor>("lonely")
            {
                public override Tensor forward(Tensor x) => x;
            }
            """);
        Assert.Contains("private readonly Blocks.QuantBlock block = new Blocks.QuantBlock(1);", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("private readonly Blocks.QuantBlockSmall block = new Blocks.QuantBlockSmall(1);", generated["QuantNetSmall"], StringComparison.Ordinal);
        Assert.Contains("private readonly Blocks.QuantBlock block = new Blocks.QuantBlock(1);", generated["Special"], StringComparison.Ordinal);
        Assert.Contains("other = new LonelyInt8();", generated["QuantNet"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_on_one_line_comes_out_right()
    {
        Generated generated = Generated.FromModel(
            "[Quantize] public class Net() : Module<Tensor, Tensor>(\"n\") { readonly Linear fc = Linear(2, 2); public override Tensor forward(Tensor x) => x + fc.call(x); }");
        Assert.Contains("x + fc.call(x)".Replace("x +", "residual_quantizer.call(x) +", StringComparison.Ordinal), generated.Text, StringComparison.Ordinal);
    }

    private static readonly IEqualityComparer<IEnumerable<string>> StringSet = EqualityComparer<IEnumerable<string>>.Create(
        (a, b) => a!.Order(StringComparer.Ordinal).SequenceEqual(b!.Order(StringComparer.Ordinal)), names => names.Count());

    private static IEnumerable<string> Quantizers(Generated generated, string type)
    {
        Assembly assembly = generated.Load();
        using torch.nn.Module module = (torch.nn.Module)Activator.CreateInstance(assembly.GetType("Models." + type)!)!;
        return [.. module.named_modules().Where(named => named.module is TensorQuantizer).Select(named => named.name)];
    }

    [Fact]
    public void The_line_breaks_of_a_verbatim_or_raw_string_are_those_of_the_file()
    {
        string source = (Compiler.Usings + """"
            namespace Models;
            [Quantize] public class Net() : Module("n")
            {
                public const string Verbatim = @"one
            two";
                public const string Raw = """
                    one
                    two
                    """;
            }
            """").ReplaceLineEndings("\r\n");
        Assembly assembly = Generated.From(source).Load();
        foreach (string type in new[] { "Models.Net", "Models.QuantNet" })
        {
            Assert.Equal("one\r\ntwo", assembly.GetType(type)!.GetField("Verbatim")!.GetRawConstantValue());
            Assert.Equal("one\r\ntwo", assembly.GetType(type)!.GetField("Raw")!.GetRawConstantValue());
        }
    }
}
