using System.Globalization;
using Microsoft.CodeAnalysis;
using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Diagnostics;

/// <summary>Nothing stays in full precision without a word: it is quantized, or there is a warning at its place.</summary>
public sealed class FloatLayerTests
{
    private const string Gate = """
        [Quantize] public sealed class Gate : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc = Conv2d(8, 8, 1);
            public Gate() : base("Gate") => RegisterComponents();
            public override Tensor forward(Tensor x) => fc.call(x).sigmoid() * x;
        }

        public static class Layers
        {
            public static Gate MakeGate() => new();
            public static Module<Tensor, Tensor> MakeGateAsModule() => new Gate();
        }

        """;

    [Fact]
    public void An_annotated_class_that_a_factory_of_another_class_makes()
    {
        Generated generated = Generated.FromModel(Gate + """
            [Quantize] public sealed class WithGate : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> conv = Conv2d(3, 8, 3), gate = Layers.MakeGate(), gate2 = Layers.MakeGateAsModule();
                public WithGate() : base("WithGate") => RegisterComponents();
                public override Tensor forward(Tensor x) => gate2.call(gate.call(conv.call(x)));
            }
            """);

        Assert.Equal(
            [
                ("QG1008", "What 'Layers.MakeGateAsModule' makes is not seen by the generator; QuantModules quantizes the layers that it can reach in it when the model is built"),
                (
                    "QG1011",
                    "'Layers.MakeGate()' stays in full precision: 'Layers.MakeGate' makes a 'Gate', not a 'QuantGate'; 1 module in it can hold layers, "
                    + "of which those under abstract types are quantized when the model is built. Make it by 'new Gate(…)' here"
                ),
            ],
            Said(generated));
        Assert.Contains("gate = QuantModules.ConvertLayers(Layers.MakeGate(), Quantization.Input, Quantization.Weight)", generated["QuantWithGate"], StringComparison.Ordinal);
        using IDisposable model = (IDisposable)Activator.CreateInstance(generated.Load().GetType("Models.QuantWithGate")!)!;
        Assert.Equal(6, QuantGen.Modules.QuantModules.Quantizers((TorchSharp.torch.nn.Module)model).Count);
    }

    [Theory]
    [InlineData("GRU(8, 16)", "'GRU' has no quantized counterpart; a layer of it holds 2 matrices of weights")]
    [InlineData("RNN(8, 16)", "'RNN' has no quantized counterpart; a layer of it holds 2 matrices of weights")]
    [InlineData("Embedding(100, 8)", "'Embedding' has no quantized counterpart; a layer of it holds 1 matrix of weights")]
    [InlineData("Bilinear(4, 4, 2)", "'Bilinear' has no quantized counterpart; a layer of it holds 1 matrix of weights")]
    [InlineData("MultiheadAttention(8, 2)", "'MultiheadAttention' has no quantized counterpart; a layer of it holds 4 matrices of weights")]
    [InlineData("TransformerEncoderLayer(8, 2)", "'TransformerEncoderLayer' has no quantized counterpart; a layer of it holds 6 matrices of weights")]
    [InlineData("new Plain(4)", "'Plain' has no [Quantize]; 2 modules in it (fc, body) can hold layers")]
    [InlineData("Zoo.Shared", "it is a module that other code holds; make one here, or convert it there by QuantModules.Convert")]
    [InlineData("Zoo.MakePlain()", "1 of its fields (fc) cannot take quantized layers; declare them as Module<Tensor, Tensor>, or annotate 'Plain'")]
    public void Each_kind_of_layer_that_stays_is_told_of_at_its_place(string made, string reason)
    {
        string source = $$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module part;
                public Net() : base("net")
                {
                    part = {{made}};
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => x;
            }

            public class Plain : Module<Tensor, Tensor>
            {
                private readonly Linear fc;
                private readonly Sequential body = Sequential(ReLU());
                public Plain(long width) : base("plain") { fc = Linear(width, width); RegisterComponents(); }
                public override Tensor forward(Tensor x) => body.call(fc.call(x));
            }

            public class Swish() : Module<Tensor, Tensor>("swish") { public override Tensor forward(Tensor x) => x * x.sigmoid(); }

            public static class Zoo
            {
                public static readonly Module<Tensor, Tensor> Shared = Linear(2, 2);
                public static Plain MakePlain() => new(4);
            }
            """;

        Diagnostic said = Assert.Single(Generated.FromModel(source).Diagnostics);
        Assert.Equal(("QG1011", $"'{made}' stays in full precision: {reason}", made), (said.Id, said.GetMessage(CultureInfo.InvariantCulture), Text(said)));

        // What the user says, needs no warning.
        Assert.Empty(Generated.FromModel(source.Replace("private readonly Module part", "[FullPrecision] private readonly Module part", StringComparison.Ordinal)).Diagnostics);
        Assert.Empty(Generated.FromModel(source.Replace(made, "new Swish()", StringComparison.Ordinal)).Diagnostics);
    }

    [Fact]
    public void The_layers_of_a_base_class_without_Quantize()
    {
        Generated generated = Generated.FromModel("""
            public abstract class Backbone() : Module<Tensor, Tensor>("backbone")
            {
                protected readonly Linear head = Linear(2, 2);
            }

            [Quantize] public class Net : Backbone
            {
                public Net() => RegisterComponents();
                public override Tensor forward(Tensor x) => head.call(x);
            }
            """);
        Assert.Equal(("QG1011", "'Backbone' stays in full precision: it has no [Quantize]; 1 module in it (head) can hold layers"), Assert.Single(Said(generated)));
    }

    [Fact]
    public void A_profile_that_quantizes_nothing_needs_no_warning()
        => Assert.Empty(Generated.FromModel("""
            [Quantize(Input = "none", Weight = "none")] public class Net : Module<Tensor, Tensor>
            {
                private readonly Embedding embedding = Embedding(10, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => embedding.call(x);
            }
            """).Diagnostics);

    private const string Detector = """
        [Quantize] public class Detector : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(3, 8, 3, bias: false);
            private readonly BatchNorm2d norm = BatchNorm2d(8);
            private Conv2d? kept;

            public Detector() : base("detector") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                if (training)
                {
                    return norm.call(conv.call(x));
                }

                using Conv2d fused = Fuse(conv, norm);
                return fused.call(x);
            }

            private static Conv2d Fuse(Conv2d conv, BatchNorm2d norm)
            {
                Conv2d fused = Conv2d(conv.in_channels, conv.out_channels, 3);
                using var scope = no_grad();
                Tensor factor = norm.weight / sqrt(norm.running_var! + norm.eps);
                fused.weight!.copy_(conv.weight! * factor.reshape(-1, 1, 1, 1));
                fused.bias!.copy_(norm.bias! - norm.running_mean! * factor);
                return fused;
            }

            public void Prepare() => kept = Conv2d(8, 8, 1);
        }
        """;

    [Fact]
    public void A_detector_that_fuses_its_norm_in_each_evaluation_keeps_the_fused_layer_as_it_is()
    {
        Generated generated = Generated.FromModel(Detector);

        Diagnostic said = Assert.Single(generated.Diagnostics, diagnostic => diagnostic.Id == "QG1012");
        Assert.Equal(
            ("QG1012", "'Conv2d(conv.in_channels, conv.out_channels, 3)' is made anew at each call, so that its quantizers would never be calibrated; it stays in full precision"),
            (said.Id, said.GetMessage(CultureInfo.InvariantCulture)));
        Assert.Contains("Conv2d fused = Conv2d(conv.in_channels, conv.out_channels, 3);", generated.Text, StringComparison.Ordinal);
        Assert.Contains("private static Conv2d Fuse(QuantConv2d conv, BatchNorm2d norm)", generated.Text, StringComparison.Ordinal);
        Assert.Contains("kept = new QuantConv2d(8, 8, 1,", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_that_is_made_at_the_first_call_and_kept_is_quantized()
        => Assert.Contains("head ??= new QuantLinear(", Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private Module<Tensor, Tensor>? head;
                public Net() : base("net") { }
                public override Tensor forward(Tensor x)
                {
                    head ??= Linear(x.shape[1], 2);
                    return head.call(x);
                }
            }
            """).Text, StringComparison.Ordinal);

    [Fact]
    public void A_profile_that_another_model_lacks()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Block() : Module<Tensor, Tensor>("block") { public override Tensor forward(Tensor x) => x; }

            [Quantize]
            [Quantize(Name = "QuantNetInt4", Weight = "4bit")]
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Block block = new Block(), other = new Block();
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => other.call(block.call(x));
            }
            """);
        Assert.Equal(("QG1014", "'Block' has no profile 'QuantBlockInt4'; 'QuantNetInt4' takes 'QuantBlock'"), Assert.Single(Said(generated)));
    }

    [Theory]
    [InlineData("bias", "'bias' is taken for a mask or a bias by its name, and is not quantized")]
    [InlineData("attnMask", "'attnMask' is taken for a mask or a bias by its name, and is not quantized")]
    [InlineData("attention_mask", "'attention_mask' is taken for a mask or a bias by its name, and is not quantized")]
    [InlineData("unbiased", null)]
    [InlineData("masked", null)]
    public void An_operand_that_is_taken_for_a_mask_by_its_name(string name, string? message)
    {
        Generated generated = Generated.FromModel($$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => Add(x, x);
                public Tensor Add(Tensor x, Tensor {{name}}) => fc.call(x) + {{name}};
            }
            """);
        Assert.Equal(message is null ? [] : [("QG1015", message)], Said(generated));
        Assert.Equal(message is null, generated.Text.Contains($"residual_quantizer.call({name})", StringComparison.Ordinal));
    }

    [Fact]
    public void A_delegate_that_is_handed_in_is_told_of_and_one_in_a_private_field_is_followed()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                private readonly System.Func<Module<Tensor, Tensor>, Tensor, Tensor> through = (layer, t) => layer.call(t).relu();
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => through(fc, x) + x;
                public Tensor With(Tensor x, System.Func<Tensor, Tensor> block) => x * block(x);
            }
            """);
        Assert.Equal(("QG1016", "What 'block(x)' computes is not followed: it counts as no layer, and nothing is known of its sign"), Assert.Single(Said(generated), said => said.Id != "QG1005"));
        Assert.Contains("through(fc, x) + residual_quantizer.call(x)", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_out_of_a_method_by_out_is_followed()
        => Assert.Contains("+ residual_quantizer.call(near)", Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    Split(x, out Tensor near, out Tensor far);
                    return far + near;
                }

                private void Split(Tensor x, out Tensor near, out Tensor far)
                {
                    near = x * 2;
                    far = fc.call(x);
                }
            }
            """).Text, StringComparison.Ordinal);

    [Fact]
    public void Helpers_that_call_each_other_in_many_ways_are_read_in_linear_time_and_told_of()
    {
        string helpers = string.Join("\n", Enumerable.Range(0, 24).Select(i => $"private Tensor F{i}(Tensor x) => F{i + 1}(fc.call(F{i + 1}(x)));"));
        Generated generated = Generated.FromModel($$"""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => F0(x) + x;
                {{helpers}}
                private Tensor F24(Tensor x) => fc.call(x);
            }
            """);
        Assert.Contains(("QG1018", "'F24' is called in too many ways for data flow to tell them apart; what comes out of it is known roughly only"), Said(generated));
        Assert.Contains("F0(x) + residual_quantizer.call(x)", generated.Text, StringComparison.Ordinal);
    }

    private static (string Id, string Message)[] Said(Generated generated)
        => [.. generated.Diagnostics.Select(diagnostic => (diagnostic.Id, diagnostic.GetMessage(CultureInfo.InvariantCulture))).Order()];

    private static string Text(Diagnostic diagnostic) => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);
}
