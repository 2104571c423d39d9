using QuantGen.Modules;
using QuantGen.Tests.Verification;
using TorchSharp;
using static TorchSharp.torch;

namespace QuantGen.Tests.Rewriting;

/// <summary>User code names a layer and gets its quantizers; where there is no such layer any more it does not compile.</summary>
public sealed class QuantizerMembersTests
{
    private const string Net = Compiler.Usings + """
        namespace Models;
        [Quantize] public class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d stem = Conv2d(1, 4, 3);
            private readonly Module<Tensor, Tensor> mixer;
            private readonly BatchNorm2d norm = BatchNorm2d(4);
            private readonly Module<Tensor, Tensor> relu = ReLU();
            private readonly Sequential features = Sequential(("first", Conv2d(4, 4, 1)), ("act", ReLU()));
            private readonly Module<Tensor, Tensor>? shortcut;
            private readonly Block block = new();
            private readonly Hidden hidden = new();
            [FullPrecision] private readonly Linear raw = Linear(4, 4);
            public Module<Tensor, Tensor> open = Linear(4, 4);
            private readonly Linear @class, Count = Linear(4, 4);
            private Conv1d? Spare { get; set; }
            private Conv1d Computed => Spare!;
            public Net() : base("net")
            {
                bool wide = false;
                mixer = Conv2d(4, 4, 1);
                shortcut = wide ? Conv2d(4, 4, 1) : null;
                @class = Linear(4, 4);
                RegisterComponents();
            }
            public override Tensor forward(Tensor x)
            {
                var y = relu.call(norm.call(mixer.call(stem.call(x))));
                return y + (shortcut ?? block).call(features.call(y));
            }
            private sealed class Hidden() : Module<Tensor, Tensor>("hidden") { public override Tensor forward(Tensor x) => x; }
        }
        [Quantize] public class Block : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(4, 4, 1);
            public Block() : base("block") => RegisterComponents();
            public override Tensor forward(Tensor x) => conv.call(x);
        }
        """;

    [Fact]
    public void Each_layer_with_quantizers_is_a_member_of_its_quantized_type()
    {
        string text = Generated.From(Net)["QuantNet"];
        Assert.Equal(
            [
                "public QuantConv2d stem => _model.stem;",
                "public QuantConv2d mixer => (QuantConv2d)_model.mixer;",
                "public QuantizerList features => new(_model.features);",
                "public QuantizerList shortcut => new(_model.shortcut);",
                "public QuantBlock block => _model.block;",
                "public QuantizerList hidden => new(_model.hidden);",
                "public QuantizerList open => new(_model.open);",
                "public QuantLinear @class => _model.@class;",
                "public QuantLinear Count_ => _model.Count;",
                "public QuantConv1d? Spare => _model.Spare;",
                "public TensorQuantizer residual_quantizer => _model.residual_quantizer;",
            ],
            text.Split('\n').Where(line => line.Contains(" => ", StringComparison.Ordinal) && line.Contains("_model.", StringComparison.Ordinal)).Select(line => line.Trim()));
    }

    [Fact]
    public void The_members_are_the_layers_themselves_and_the_list_finds_by_name()
    {
        using var quant = (torch.nn.Module)Activator.CreateInstance(Generated.From(Net).Load().GetType("Models.QuantNet")!)!;
        dynamic quantizers = quant.GetType().GetProperty("Quantizers")!.GetValue(quant)!;
        Assert.Same((TensorQuantizer)quantizers["mixer._weight_quantizer"], ((QuantConv2d)quantizers.mixer).WeightQuantizer);
        Assert.Same((TensorQuantizer)quantizers["block.conv._input_quantizer"], ((QuantConv2d)quantizers.block.Quantizers.conv).InputQuantizer);
        Assert.Equal(["first._input_quantizer", "first._weight_quantizer"], ((QuantizerList)quantizers.features).Select(entry => entry.Name));
        Assert.Empty((QuantizerList)quantizers.shortcut);
        Assert.Equal(((QuantizerList)quantizers).Count, ((IEnumerable<(string, TensorQuantizer)>)quantizers).Count());
        var missing = Assert.Throws<KeyNotFoundException>(() => ((QuantizerList)quantizers.features)["last._input_quantizer"]);
        Assert.Equal("There is no quantizer 'last._input_quantizer': there are 'first._input_quantizer', 'first._weight_quantizer'.", missing.Message);
    }

    [Fact]
    public void Code_that_names_a_layer_which_is_gone_does_not_compile()
    {
        const string User = "namespace Models; public static class Tuning { public static void Fix(QuantBlock block) => block.Quantizers.conv.InputQuantizer.Amax = null; }";
        Assert.Empty(Compiler.ErrorsWithGenerated(Net, User));
        Assert.Equal(["CS1061"], Compiler.ErrorsWithGenerated(Net.Replace("Conv2d conv ", "Conv2d convolution ", StringComparison.Ordinal).Replace("conv.call(x)", "convolution.call(x)", StringComparison.Ordinal), User));
    }

    [Fact]
    public void A_model_whose_layers_are_in_an_array_lists_its_quantizers_too()
        => Assert.Empty(Compiler.ErrorsWithGenerated(
            Net,
            Compiler.Usings + """
                namespace Models;
                [Quantize] public class Tower : Module<Tensor, Tensor>
                {
                    private readonly Block[] blocks = [new Block(), new Block()];
                    public Tower() : base("tower") { for (int i = 0; i < blocks.Length; i++) { register_module($"block{i}", blocks[i]); } }
                    public override Tensor forward(Tensor x) => blocks[1].call(blocks[0].call(x));
                }
                public static class Use { public static int Of(QuantTower tower) => tower.Quantizers.Count; }
                """));

    [Fact]
    public void A_model_that_derives_from_another_has_the_members_of_its_own_layers_apart()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net<T> : Module<Tensor, Tensor> where T : Module<Tensor, Tensor>
            {
                protected readonly T stem;
                protected readonly Linear fc = Linear(2, 2);
                public Net(T stem) : base("net") { this.stem = stem; RegisterComponents(); }
                public override Tensor forward(Tensor x) => fc.call(stem.call(x));
            }
            [Quantize] public class Wide(Linear stem) : Net<Linear>(stem)
            {
                private readonly Linear more = Linear(2, 2);
                public override Tensor forward(Tensor x) => more.call(base.forward(x));
            }
            """);
        Assert.Contains("private readonly QuantNet<T> _model;", generated["QuantNet{1}"], StringComparison.Ordinal);
        Assert.Contains("public QuantizerList stem => new(_model.stem);", generated["QuantNet{1}"], StringComparison.Ordinal);
        Assert.Contains("public QuantizerMembers_Wide Quantizers_Wide => new(this);", generated["QuantWide"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_derives_from_another_moves_to_another_type()
    {
        System.Reflection.Assembly assembly = Generated.FromModel("""
            [Quantize] public class A : Module<Tensor, Tensor>
            {
                protected readonly Linear a = Linear(2, 2);
                public A() : base("a") => RegisterComponents();
                public override Tensor forward(Tensor x) => x + a.call(x);
            }
            [Quantize] public class B : A
            {
                private readonly Linear b = Linear(2, 2);
                public B() => RegisterComponents();
                public override Tensor forward(Tensor x) => b.call(base.forward(x));
            }
            [Quantize] public class C : B { public override Tensor forward(Tensor x) => base.forward(x) + x; }
            """).Load();
        using var quant = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(assembly.GetType("Models.QuantC")!)!;
        quant.to(float64);
        using Tensor x = ones([1, 2], dtype: float64), y = quant.call(x);
        Assert.Equal(float64, y.dtype);
    }

    [Theory]
    [InlineData("public interface IHasHead { Module<Tensor, Tensor> Head { get; } } [Quantize] public class Net() : Module<Tensor, Tensor>(\"n\"), IHasHead { Module<Tensor, Tensor> IHasHead.Head { get; } = Linear(2, 2); public override Tensor forward(Tensor x) => x; }", "")]
    [InlineData("public partial class Zoo { [Quantize] protected class Net() : Module<Tensor, Tensor>(\"n\") { private readonly Block block = new(); public override Tensor forward(Tensor x) => block.call(x); } [Quantize] private class Block() : Module<Tensor, Tensor>(\"b\") { public override Tensor forward(Tensor x) => x; } }", "public QuantizerList block => new(_model.block);")]
    [InlineData("[Quantize] public class Net() : Module<Tensor, Tensor>(\"n\") { public Module<Tensor, Tensor> Head { get; init; } = Linear(2, 2); public override Tensor forward(Tensor x) => Head.call(x); }", "public QuantizerList Head => new(_model.Head);")]
    [InlineData("[Quantize] public class Net() : Module<Tensor, Tensor>(\"n\") { private readonly Block block = new(); public override Tensor forward(Tensor x) => block.call(x); } [Quantize] public class Block() : Module<Tensor, Tensor>(\"b\") { public override Tensor forward(Tensor x) => x; }", "public QuantBlock block => _model.block;")]
    public void A_member_has_a_type_that_can_be_named_and_that_it_always_has(string model, string expected)
        => Assert.Contains(Generated.FromModel(model).Files.Select(file => file[..^".g.cs".Length]), file => Generated.FromModel(model)[file].Contains(expected, StringComparison.Ordinal));
}
