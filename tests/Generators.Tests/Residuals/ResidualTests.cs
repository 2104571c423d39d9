using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Residuals;

/// <summary>Which operand of an addition gets a quantizer, and how the text of the user's line comes out.</summary>
public sealed class ResidualTests
{
    [Theory]
    [InlineData("return x + conv.call(x);", "return residual_quantizer.call(x) + conv.call(x);")]
    [InlineData("return conv.call(x) + x;", "return conv.call(x) + residual_quantizer.call(x);")]
    [InlineData("return (conv.call(x) + (flag ? x : -x)).relu();", "return (conv.call(x) + residual_quantizer.call(flag ? x : -x)).relu();")]
    [InlineData("var y = conv.call(x); y += x; return y;", "var y = conv.call(x); y += residual_quantizer.call(x); return y;")]
    [InlineData("x += conv.call(x); return x;", "x = residual_quantizer.call(x) + conv.call(x); return x;")]
    [InlineData("return conv.call(x).add(x);", "return conv.call(x).add(residual_quantizer.call(x));")]
    [InlineData("return x.add(conv.call(x));", "return residual_quantizer.call(x).add(conv.call(x));")]
    [InlineData("return conv.call(x).add_(x).relu_();", "return conv.call(x).add_(residual_quantizer.call(x)).relu_();")]
    [InlineData("var y = conv.call(x); y.add_(x); return y;", "var y = conv.call(x); y.add_(residual_quantizer.call(x)); return y;")]
    [InlineData("x.add_(conv.call(x)); return x;", "x = residual_quantizer.call(x).add_(conv.call(x)); return x;")]
    [InlineData("x.add_(conv.call(x)).relu_(); return x;", "(x = residual_quantizer.call(x).add_(conv.call(x))).relu_(); return x;")]
    [InlineData("return x.add_(conv.call(x)).relu_();", "return residual_quantizer.call(x).add_(conv.call(x)).relu_();")]
    [InlineData("var y = x; y.add_(conv.call(x)); return y;", "var y = x; y = residual_quantizer.call(y).add_(conv.call(x)); return y;")]
    [InlineData("var y = x.flatten(); x = conv.call(y); y.add_(x); return y;", "var y = x.flatten(); x = conv.call(y); y = residual_quantizer.call(y).add_(x); return y;")]
    [InlineData("return torch.add(conv.call(x), x);", "return torch.add(conv.call(x), residual_quantizer.call(x));")]
    [InlineData("return torch.add(x, conv.call(x));", "return torch.add(residual_quantizer.call(x), conv.call(x));")]
    [InlineData("return torch.add(right: conv.call(x), left: x);", "return torch.add(right: conv.call(x), left: residual_quantizer.call(x));")]
    [InlineData("return (x?.add(conv.call(x)))!;", "return ((x is { } operand ? residual_quantizer.call(operand) : null)?.add(conv.call(x)))!;")]
    [InlineData("return x! + conv.call(x)!;", "return residual_quantizer.call(x!) + conv.call(x)!;")]
    [InlineData("return conv.call(x).add(x, 0.5);", "return conv.call(x).add(residual_quantizer.call(x), 0.5);")]
    public void For_TensorRT_the_residual_operand_alone_is_quantized(string body, string expected)
        => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return x + conv.call(x);", "return residual_quantizer.call(x) + addend_quantizer.call(conv.call(x));")]
    [InlineData("var y = conv.call(x); y += x; return y;", "var y = conv.call(x); y = addend_quantizer.call(y) + residual_quantizer.call(x); return y;")]
    [InlineData("var y = conv.call(x); y += flag ? x : -x; return y;", "var y = conv.call(x); y = addend_quantizer.call(y) + residual_quantizer.call(flag ? x : -x); return y;")]
    [InlineData("var y = conv.call(x); y.add_(x); return y;", "var y = conv.call(x); y = addend_quantizer.call(y).add_(residual_quantizer.call(x)); return y;")]
    [InlineData("var y = conv.call(x); y.add_(x).relu_(); return y;", "var y = conv.call(x); (y = addend_quantizer.call(y).add_(residual_quantizer.call(x))).relu_(); return y;")]
    [InlineData("return conv.call(x).add_(x);", "return addend_quantizer.call(conv.call(x)).add_(residual_quantizer.call(x));")]
    [InlineData("return torch.add(conv.call(x), x);", "return torch.add(addend_quantizer.call(conv.call(x)), residual_quantizer.call(x));")]
    public void For_ONNX_Runtime_both_operands_are_quantized(string body, string expected)
        => Assert.Equal(expected, Line(body, ", Target = QuantTarget.OnnxRuntime"));

    [Theory]
    [InlineData("var identity = down is null ? x : down.call(x); return conv2.call(conv.call(x)) + identity;", "+ residual_quantizer.call(identity);")]
    [InlineData("var identity = x; if (down is not null) { identity = down.call(x); } return identity + conv.call(x);", "return residual_quantizer.call(identity) + conv.call(x);")]
    [InlineData("var identity = down?.call(x) ?? x; return identity + conv.call(x);", "return residual_quantizer.call(identity) + conv.call(x);")]
    [InlineData("var y = flag ? conv.call(x) : x; return x + y;", "return residual_quantizer.call(x) + y;")]
    [InlineData("var identity = x; foreach (var layer in layers) { x = layer.call(x); } return identity + x;", "return residual_quantizer.call(identity) + x;")]
    [InlineData("foreach (var layer in layers) { x = x + layer.call(x); } return x;", "x = residual_quantizer.call(x) + layer.call(x);")]
    [InlineData("return conv.call(x) + conv2.call(x);", "return conv.call(x) + residual_quantizer.call(conv2.call(x));")]
    [InlineData("return shortcut.call(x) + body.call(x);", "return residual_quantizer.call(shortcut.call(x)) + body.call(x);")]
    [InlineData("return pool.call(x) + conv.call(x);", "return residual_quantizer.call(pool.call(x)) + conv.call(x);")]
    [InlineData("return Twice(x) + conv.call(x);", "return Twice(x) + residual_quantizer.call(conv.call(x));")]
    [InlineData("Tensor Local(Tensor t) => t + conv.call(x); return Local(x);", "Tensor Local(Tensor t) => residual_quantizer.call(t) + conv.call(x);")]
    [InlineData("Func<Tensor, Tensor> block = t => t + conv.call(t); return block(x);", "t => residual_quantizer.call(t) + conv.call(t);")]
    [InlineData("switch (flag) { case true: x = conv.call(x); break; } return conv2.call(conv.call(x)) + x;", "+ residual_quantizer.call(x);")]
    [InlineData("Tensor? sum = null; foreach (var layer in layers) { var y = layer.call(x); sum = sum is null ? y : sum + y; } return sum!;", "sum = sum is null ? y : sum + residual_quantizer.call(y);")]
    [InlineData("Tensor? sum = null; foreach (var layer in layers) { var y = layer.call(x); if (sum is null) { sum = y; } else { sum += y; } } return sum!;", "else { sum += residual_quantizer.call(y); }")]
    [InlineData("var h = torch.zeros(1); for (int i = 0; i < 3; i++) { h = (conv.call(x) + conv2.call(h)).sigmoid(); } return h;", "h = (residual_quantizer.call(conv.call(x)) + conv2.call(h)).sigmoid();")]
    [InlineData("var (a, b) = (x, conv.call(x)); return a + b;", "return residual_quantizer.call(a) + b;")]
    [InlineData("var parts = new List<Tensor>(); parts.Add(conv.call(x)); return torch.cat(parts) + x;", "return torch.cat(parts) + residual_quantizer.call(x);")]
    public void The_residual_operand_is_the_one_with_fewer_weighted_layers_before_it(string body, string expected)
        => Assert.Contains(expected, Line(body), StringComparison.Ordinal);

    [Fact]
    public void Each_addition_has_its_own_quantizers_in_the_order_of_computation()
        => Assert.Equal(
            "return residual_quantizer2.call(residual_quantizer.call(x) + conv.call(x)) + conv2.call(conv2.call(x));",
            Line("return x + conv.call(x) + conv2.call(conv2.call(x));"));

    [Theory]
    [InlineData("return conv.call(x) + 1;")]
    [InlineData("return conv.call(x).add(0.5);")]
    [InlineData("return x + x.relu();")]
    [InlineData("return conv.call(x) + torch.ones(1);")]
    [InlineData("return conv.call(x) + scale;")]
    [InlineData("return conv.call(x) - x;")]
    [InlineData("return conv.call(x) + scale[..(int)x.shape[0]];")]
    [InlineData("return conv.call(x) + scale.narrow(0, 0, x.size(0));")]
    [InlineData("return conv.call(x) + scale.to(x.device).expand_as(x);")]
    [InlineData("return conv.call(x) + scale.type_as(x).reshape(1, x.shape[1], 1, -1);")]
    [InlineData("return conv.call(x) + torch.zeros(x.shape[0], 1, 1, 1, device: x.device);")]
    [InlineData("return conv.call(x) + torch.randn_like(x) * 0.1;")]
    [InlineData("return conv.call(x) + x.new_zeros(x.shape);")]
    [InlineData("return conv.call(x) + torch.arange(x.shape[3]);")]
    [InlineData("var mask = x.eq(0).to(ScalarType.Float32) * -1e9; return conv.call(x) + mask;")]
    [InlineData("return x?.relu()?.abs()!;")]
    [InlineData("int n = 1 + 2; string s = \"a\" + n; return conv.call(x);")]
    public void What_is_not_a_residual_connection_stays_as_it_is(string body) => Assert.Equal(body, Line(body));

    [Fact]
    public void A_mask_or_a_bias_that_is_handed_in_is_not_a_residual()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor, Tensor>
            {
                private readonly Linear fc = Linear(4, 4);
                public Net() : base("n") => RegisterComponents();
                public override Tensor forward(Tensor x, Tensor attn_mask) => fc.call(x) + attn_mask;
            }
            """);
        Assert.Equal("public override Tensor forward(Tensor x, Tensor attn_mask) => fc.call(x) + attn_mask;", generated.LineWith("override Tensor forward"));
    }

    [Theory]
    [InlineData("private void Fill() => body.append(\"a\", Conv2d(8, 8, 3, padding: 1));")]
    [InlineData("private void Fill() => Make(body); private static void Make(Sequential layers) => layers.append(Conv2d(8, 8, 3, padding: 1));")]
    [InlineData("private void Fill() { void Add(Module<Tensor, Tensor> layer) => body.append(layer); Add(Conv2d(8, 8, 3, padding: 1)); }")]
    public void A_sequential_that_is_filled_after_it_was_made_may_hold_a_layer(string fill)
        => Assert.Equal(
            "public override Tensor forward(Tensor x) => body.call(x) + residual_quantizer.call(x);",
            Generated.FromModel($$"""
                [Quantize] public class Net : Module<Tensor, Tensor>
                {
                    private readonly Sequential body = Sequential();
                    public Net() : base("n") { Fill(); RegisterComponents(); }
                    {{fill}}
                    public override Tensor forward(Tensor x) => body.call(x) + x;
                }
                """).LineWith("override Tensor forward"));

    [Fact]
    public void A_sequential_that_is_made_of_what_a_method_gives_may_hold_a_layer()
        => Assert.Equal(
            "public override Tensor forward(Tensor x) => body.call(x) + residual_quantizer.call(x);",
            Generated.FromModel("""
                [Quantize] public class Net : Module<Tensor, Tensor>
                {
                    private readonly Sequential body = Sequential(Layers(2));
                    public Net() : base("n") => RegisterComponents();
                    private static System.Collections.Generic.IEnumerable<Module<Tensor, Tensor>> Layers(int n)
                    {
                        for (int i = 0; i < n; i++) { yield return Linear(4, 4); }
                    }
                    public override Tensor forward(Tensor x) => body.call(x) + x;
                }
                """).LineWith("override Tensor forward"));

    [Theory]
    [InlineData("protected abstract Tensor Body(Tensor x); public override Tensor forward(Tensor x) => Body(x) + x;", "Body(x) + residual_quantizer.call(x);")]
    [InlineData("protected abstract Tensor Body(Tensor x); public override Tensor forward(Tensor x) => Body(x) + (shortcut?.call(x) ?? x);", "Body(x) + residual_quantizer.call(shortcut?.call(x) ?? x);")]
    [InlineData("public override Tensor forward(Tensor x) => x + other.Encode(x);", "residual_quantizer.call(x) + other.Encode(x);")]
    public void What_a_derived_class_or_another_model_computes_may_come_through_a_layer(string members, string expected)
        => Assert.EndsWith(expected, Generated.FromModel($$"""
            public abstract class Encoder(string name) : Module<Tensor, Tensor>(name) { public Tensor Encode(Tensor x) => call(x); }
            [Quantize] public abstract class Block : Module<Tensor, Tensor>
            {
                protected Conv2d? shortcut = Conv2d(1, 1, 1);
                protected readonly Encoder other;
                protected Block(Encoder other) : base("block") => this.other = other;
                {{members}}
            }
            """).LineWith("override Tensor forward"), StringComparison.Ordinal);

    [Fact]
    public void What_a_base_class_computes_may_come_through_a_layer()
        => Assert.Equal(
            "public override Tensor forward(Tensor x) => base.forward(x) + residual_quantizer.call(x);",
            Generated.FromModel("""
                [Quantize] public class Net() : Sequential(("0", Linear(4, 4)), ("1", ReLU()))
                {
                    public override Tensor forward(Tensor x) => base.forward(x) + x;
                }
                """).LineWith("override Tensor forward"));

    [Fact]
    public void A_private_helper_is_read_with_what_it_is_called_with()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(4, 4);
                public Net() : base("n") => RegisterComponents();
                private Tensor Join(Tensor a, Tensor b) => (a + b).relu();
                public override Tensor forward(Tensor x) => Join(x, fc.call(x));
            }
            """);
        Assert.Equal("private Tensor Join(Tensor a, Tensor b) => (residual_quantizer.call(a) + b).relu();", generated.LineWith("private Tensor Join"));
    }

    [Fact]
    public void Residual_none_leaves_additions_as_they_are()
        => Assert.Equal("return x + conv.call(x);", Line("return x + conv.call(x);", ", Residual = \"none\""));

    /// <summary>The body of <c>forward</c>, written on one line, as it comes out.</summary>
    private static string Line(string body, string settings = "")
    {
        string text = Generated.From("using System;\nusing System.Collections.Generic;\n" + Compiler.Usings + $$"""
            namespace Models;
            [Quantize(Input = "8bit"{{settings}})]
            public class Net : Module<Tensor, Tensor>
            {
                private readonly Conv2d conv = Conv2d(8, 8, 3, padding: 1);
                private readonly Conv2d conv2 = Conv2d(8, 8, 3, padding: 1);
                private readonly Module<Tensor, Tensor> shortcut = Sequential(("0", Conv2d(8, 8, 1)), ("1", BatchNorm2d(8)));
                private readonly Sequential body = Sequential(Conv2d(8, 8, 3, padding: 1), ReLU(), Conv2d(8, 8, 3, padding: 1));
                private readonly MaxPool2d pool = MaxPool2d(3, stride: 1, padding: 1);
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                private readonly Module<Tensor, Tensor>? down = null;
                private readonly Parameter scale = new(torch.ones(1));
                private readonly bool flag = true;
                public Net() : base("net") { RegisterComponents(); }
                private Tensor Twice(Tensor t) => conv.call(conv2.call(t));
                public override Tensor forward(Tensor x)
                {
                    _ = (flag, down, scale, shortcut, body, pool, layers, conv2);
                    {{body}}
                }
            }
            """).Text;
        string[] lines = text.Split('\n');
        return lines[Array.FindIndex(lines, line => line.Contains("_ = (flag", StringComparison.Ordinal)) + 1].Trim();
    }
}
