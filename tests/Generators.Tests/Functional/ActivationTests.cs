using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Functional;

/// <summary>What activations, products and other readers of a convolution become for ONNX Runtime, and how the text of the user's line comes out.</summary>
public sealed class ActivationTests
{
    [Theory]
    [InlineData("return functional.silu(y);", "return silu_activation.call(y);")]
    [InlineData("return y.silu();", "return silu_activation.call(y);")]
    [InlineData("return functional.silu(conv.call(x), inplace: true);", "return silu_activation.call(conv.call(x));")]
    [InlineData("return functional.hardswish(input: y);", "return hardswish_activation.call(y);")]
    [InlineData("return functional.hardsigmoid(y) * functional.hardsigmoid(conv.call(y));", "return hardsigmoid_activation.call(y) * hardsigmoid_activation2.call(conv.call(y));")]
    [InlineData("return y.sigmoid();", "return sigmoid_input_quantizer.call(y).sigmoid();")]
    [InlineData("return torch.tanh(y);", "return torch.tanh(tanh_input_quantizer.call(y));")]
    [InlineData("y = functional.leaky_relu(y, 0.1, inplace: true); return y;", "y = functional.leaky_relu(leaky_relu_input_quantizer.call(y), 0.1, inplace: true); return y;")]
    [InlineData("return functional.gelu(y);", "return functional.gelu(gelu_input_quantizer.call(y));")]
    public void An_activation_behind_a_layer_reads_integers(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return y * y.sigmoid();", "return product_quantizer.call(y) * product_quantizer2.call(sigmoid_input_quantizer.call(y).sigmoid());")]
    [InlineData("return x * y;", "return product_quantizer.call(x) * product_quantizer2.call(y);")]
    [InlineData("y *= x; return y;", "y = product_quantizer.call(y) * product_quantizer2.call(x); return y;")]
    [InlineData("return torch.mul(y, x);", "return torch.mul(product_quantizer.call(y), product_quantizer2.call(x));")]
    [InlineData("return y * gate.call(x);", "return product_quantizer.call(y) * gate.call(x);")]
    public void Both_factors_of_a_gate_are_quantized_once(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return y * 8;", "return output_quantizer.call(y) * 8;")]
    [InlineData("return conv.call(x) - x;", "return output_quantizer.call(conv.call(x)) - x;")]
    [InlineData("return y * scale;", "return output_quantizer.call(y) * scale;")]
    [InlineData("return norm.call(y);", "return norm.call(output_quantizer.call(y));")]
    [InlineData("return functional.celu(y, 0.5);", "return functional.celu(output_quantizer.call(y), 0.5);")]
    [InlineData("return bn.call(y).exp();", "return output_quantizer.call(bn.call(y)).exp();")]
    [InlineData("return functional.log_softmax(y, 1);", "return functional.log_softmax(output_quantizer.call(y), 1);")]
    public void What_has_no_integer_form_stands_between_quantizers(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("var z = pool.call(y); return cat([y, z]);", "var z = pool.call(output_quantizer.call(y)); return cat([concat_quantizer.call(y), concat_quantizer2.call(z)]);")]
    [InlineData("var z = up.call(y); return z + y;", "var z = up.call(output_quantizer.call(y)); return addend_quantizer.call(z) + residual_quantizer.call(y);")]
    public void A_pool_of_a_tensor_that_others_read_reads_what_they_read(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return cat([y[.., ..1], y[.., 1..].sigmoid()]);", "return cat([concat_quantizer.call(output_quantizer.call(y)[.., ..1]), concat_quantizer2.call(sigmoid_input_quantizer.call(output_quantizer2.call(y)[.., 1..]).sigmoid())]);")]
    [InlineData("var parts = y.silu().chunk(2); return parts[0] + conv.call(parts[1]);", "var parts = output_quantizer.call(silu_activation.call(y)).chunk(2); return residual_quantizer.call(parts[0]) + addend_quantizer.call(conv.call(parts[1]));")]
    public void What_is_taken_apart_is_quantized_as_a_whole(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return y.add(x).silu();", "return silu_activation.call(addend_quantizer.call(y).add(residual_quantizer.call(x)));")]
    [InlineData("return y.hardsigmoid().silu();", "return silu_activation.call(hardsigmoid_activation.call(y));")]
    [InlineData("return functional.silu(y).silu();", "return silu_activation2.call(silu_activation.call(y));")]
    [InlineData("return functional.silu(functional.silu(y));", "return silu_activation2.call(silu_activation.call(y));")]
    [InlineData("return (y * x).silu();", "return silu_activation.call(product_quantizer.call(y) * product_quantizer2.call(x));")]
    [InlineData("return functional.hardswish(y /* of the layer */, inplace: false);", "return hardswish_activation.call(y);")]
    public void Activations_nest_as_they_are_written(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("y.div_(8); return y;")]
    [InlineData("y[.., ..1] *= 8; return y;")]
    [InlineData("y[0] = x[0]; return y.exp();")]
    [InlineData("y[0].mul_(8); return y;")]
    [InlineData("var part = y.narrow(1, 0, 1); part.mul_(8); return y;")]
    [InlineData("return conv.call(x).div_(8);")]
    public void What_is_changed_in_place_is_the_tensor_itself(string body) => Assert.Equal(body, Line(body));

    [Theory]
    [InlineData("var id = y; y = functional.leaky_relu(y, 0.1, inplace: true); return y + id;")]
    [InlineData("functional.leaky_relu(y.narrow(1, 0, 1), 0.1, inplace: true); return y;")]
    [InlineData("var s = x; for (int i = 0; i < 2; i++) { s = s + y; y.sigmoid_(); } return s;")]
    [InlineData("return functional.silu(y, training) + y;")]
    [InlineData("Tensor? z = y; return (z?.silu())!;")]
    public void A_function_that_changes_what_others_see_is_told_of(string body)
        => Assert.Contains(Generate(body, "(Target = QuantTarget.OnnxRuntime)").Diagnostics, diagnostic => diagnostic.Id == "QG1009");

    [Fact]
    public void A_function_in_a_field_initializer_is_told_of()
    {
        Generated generated = Generated.FromModel("""
            [Quantize(Target = QuantTarget.OnnxRuntime)] public class Net() : Module<Tensor, Tensor>("net")
            {
                private readonly Conv2d conv = Conv2d(2, 2, 3);
                private readonly System.Func<Tensor, Tensor> act = t => functional.silu(t);
                public override Tensor forward(Tensor x) => act(conv.call(x));
            }
            """);
        Assert.Contains(generated.Diagnostics, diagnostic => diagnostic.Id == "QG1009");
    }

    [Fact]
    public void A_layer_in_full_precision_gives_what_it_gives()
    {
        Generated generated = Generated.FromModel("""
            [Quantize(Target = QuantTarget.OnnxRuntime)] public class Net() : Module<Tensor, Tensor>("net")
            {
                [FullPrecision] private readonly Conv2d conv = Conv2d(2, 2, 3, padding: 1);
                [FullPrecision] private readonly Hardsigmoid gate = Hardsigmoid();
                private readonly Conv2d other = Conv2d(2, 2, 1);
                public override Tensor forward(Tensor x) => conv.call(x) * 8 + other.call(x) * gate.call(conv.call(x));
            }
            """);
        Assert.Contains("conv.call(x) * 8", generated.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("output_quantizer", generated.Text, StringComparison.Ordinal);
        Assert.Contains("product_quantizer.call(other.call(x)) * product_quantizer2.call(gate.call(conv.call(x)))", generated.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_nested_class_says_itself_whether_its_inputs_are_quantized()
    {
        Generated generated = Generated.FromModel("""
            [Quantize(Target = QuantTarget.OnnxRuntime)] public class Net() : Module<Tensor, Tensor>("net")
            {
                [Quantize(Input = "none")] public class Block() : Module<Tensor, Tensor>("block")
                {
                    private readonly Conv2d conv = Conv2d(2, 2, 1);
                    public override Tensor forward(Tensor x) => functional.silu(conv.call(x)) * conv.call(x) * 8;
                }
                private readonly Block block = new();
                public override Tensor forward(Tensor x) => block.call(x);
            }
            """);
        Assert.Contains("functional.silu(conv.call(x)) * conv.call(x) * 8", generated.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tensor Scale(Tensor t) => t * 8; return cat([Scale(functional.relu(y)).flatten(1), Scale(fc.call(x))], 1);")]
    public void A_quantizer_is_unsigned_only_if_every_reading_is(string body)
        => Assert.Contains("private readonly TensorQuantizer output_quantizer = new(Quantization.Input);", Generate(body, "(Target = QuantTarget.OnnxRuntime)").Text, StringComparison.Ordinal);

    [Fact]
    public void A_local_function_behind_its_call_is_read_with_what_it_is_given()
    {
        Generated generated = Generate("return Twice(y); Tensor Twice(Tensor map) => map * 2;", "(Target = QuantTarget.OnnxRuntime)");
        Assert.Contains("Tensor Twice(Tensor map) => output_quantizer.call(map) * 2;", generated.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return y.relu() ;")]
    [InlineData("y = pool.call(y); return conv.call(y);")]
    [InlineData("if (y.shape[0] > 1) { y = pool.call(y); } return y;")]
    [InlineData("return x.sigmoid() * x;")]
    [InlineData("return fc.call(x) * 2;")]
    [InlineData("return functional.relu6(bn.call(y)).flatten(1);")]
    public void What_a_convolution_absorbs_and_what_passes_no_layer_stays(string body) => Assert.Equal(body, Line(body));

    [Theory]
    [InlineData("")]
    [InlineData("(Target = QuantTarget.OnnxRuntime, Input = \"none\")")]
    public void For_other_targets_and_without_inputs_nothing_of_it_is_there(string settings)
        => Assert.Equal("return pool.call(y * functional.silu(y)) * 8 + 0;", Line("return pool.call(y * functional.silu(y)) * 8 + 0;", settings));

    [Theory]
    [InlineData("functional.leaky_relu(y, 0.1, inplace: true); return y;", "functional.leaky_relu(y, 0.1, inplace: true)")]
    [InlineData("y.sigmoid_(); return y + x;", "y.sigmoid_()")]
    public void In_place_without_what_it_gives_is_told_of(string body, string place)
    {
        Generated generated = Generate(body, "(Target = QuantTarget.OnnxRuntime)");
        string text = generated.Diagnostics.Single(diagnostic => diagnostic.Id == "QG1009").GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal($"'{place}' is not quantized: it changes 'y', which is used again; assign what it gives instead", text);
    }

    [Fact]
    public void Modules_become_their_counterparts_and_are_listed()
    {
        Generated generated = Generate("return functional.hardswish(act.call(y));", "(Target = QuantTarget.OnnxRuntime)");

        Assert.Equal("private readonly QuantSiLU act = new QuantSiLU(inplace: true, input: Quantization.Input);", generated.LineWith("QuantSiLU act"));
        Assert.Equal(
            "private readonly QuantHardswish hardswish_activation = new(input: Quantization.Input);", generated.LineWith("QuantHardswish hardswish_activation ="));
        Assert.Contains("public QuantHardswish hardswish_activation => _model.hardswish_activation;", generated.Text, StringComparison.Ordinal);
        Assert.Contains("TracedTensor TraceForward(TracedTensor x)", generated.Text, StringComparison.Ordinal);
    }

    private static string Line(string body, string settings = "(Target = QuantTarget.OnnxRuntime)")
    {
        Generated generated = Generate(body, settings);
        return generated.Text.Split('\n').First(line => line.Contains("// here", StringComparison.Ordinal)).Replace("// here", "", StringComparison.Ordinal).Trim();
    }

    private static Generated Generate(string body, string settings) => Generated.FromModel($$"""
        [Quantize{{settings}}] public class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d conv = Conv2d(2, 2, 3, padding: 1);
            private readonly BatchNorm2d bn = BatchNorm2d(2);
            private readonly GroupNorm norm = GroupNorm(1, 2);
            private readonly MaxPool2d pool = MaxPool2d(3, 1, 1);
            private readonly Upsample up = Upsample(scale_factor: [1, 1]);
            private readonly SiLU act = SiLU(inplace: true);
            private readonly Linear fc = Linear(2, 2);
            private readonly Sequential gate = Sequential(Conv2d(2, 2, 1), Hardsigmoid());
            private readonly Parameter scale = new(randn(2));
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                var y = conv.call(x);
                {{body}} // here
            }
        }
        """);
}
