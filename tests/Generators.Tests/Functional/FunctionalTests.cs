using System.Reflection;
using QuantGen.Tests.Verification;
using static TorchSharp.torch;

namespace QuantGen.Tests.Functional;

/// <summary>Which operands of functional operations get quantizers, and how the text of the user's line comes out.</summary>
public sealed class FunctionalTests
{
    [Theory]
    [InlineData("return torch.matmul(x, y);", "return torch.matmul(matmul_input_quantizer.call(x), matmul_other_quantizer.call(y));")]
    [InlineData("return matmul(target: x, input: y);", "return matmul(target: matmul_other_quantizer.call(x), input: matmul_input_quantizer.call(y));")]
    [InlineData("return x.matmul(y);", "return matmul_input_quantizer.call(x).matmul(matmul_other_quantizer.call(y));")]
    [InlineData("return x.mm(y.t());", "return mm_input_quantizer.call(x).mm(mm_other_quantizer.call(y.t()));")]
    [InlineData("return bmm(x, y);", "return bmm(bmm_input_quantizer.call(x), bmm_other_quantizer.call(y));")]
    [InlineData("return x.mv(y);", "return mv_input_quantizer.call(x).mv(mv_other_quantizer.call(y));")]
    [InlineData("return torch.einsum(\"ij,jk->ik\", x, y);", "return torch.einsum(\"ij,jk->ik\", einsum_input_quantizer.call(x), einsum_other_quantizer.call(y));")]
    [InlineData("return einsum(\"ij,jk->ik\", new[] { x, y });", "return einsum(\"ij,jk->ik\", new[] { einsum_input_quantizer.call(x), einsum_other_quantizer.call(y) });")]
    [InlineData("return einsum(\"ij,jk->ik\", [x, y]);", "return einsum(\"ij,jk->ik\", [einsum_input_quantizer.call(x), einsum_other_quantizer.call(y)]);")]
    [InlineData("return x.matmul(x);", "return matmul_input_quantizer.call(x).matmul(matmul_other_quantizer.call(x));")]
    [InlineData("return (x + y).matmul(x - y);", "return matmul_input_quantizer.call(x + y).matmul(matmul_other_quantizer.call(x - y));")]
    [InlineData("return (x?.matmul(y))!;", "return ((x is { } operand ? matmul_input_quantizer.call(operand) : null)?.matmul(matmul_other_quantizer.call(y)))!;")]
    public void Both_operands_of_a_product_of_tensors_are_quantized(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return functional.conv2d(x, weight);", "return functional.conv2d(conv2d_input_quantizer.call(x), conv2d_weight_quantizer.call(weight));", "Weight = new() { NumBits = 4, Axis = 0 }")]
    [InlineData("return functional.conv1d(x, weight, bias, stride: 2);", "return functional.conv1d(conv1d_input_quantizer.call(x), conv1d_weight_quantizer.call(weight), bias, stride: 2);", "Weight = new() { NumBits = 4, Axis = 0 }")]
    [InlineData("return functional.conv3d(weight: weight * 2, input: x);", "return functional.conv3d(weight: conv3d_weight_quantizer.call(weight * 2), input: conv3d_input_quantizer.call(x));", "Weight = new() { NumBits = 4, Axis = 0 }")]
    [InlineData("return functional.conv_transpose2d(x, weight);", "return functional.conv_transpose2d(conv_transpose2d_input_quantizer.call(x), conv_transpose2d_weight_quantizer.call(weight));", "WeightTransposed = new() { NumBits = 4, Axis = 1 }")]
    [InlineData("return functional.linear(x, weight, bias);", "return functional.linear(linear_input_quantizer.call(x), linear_weight_quantizer.call(weight), bias);", "Weight = new() { NumBits = 4, Axis = 0 }")]
    [InlineData("return functional.linear(x, controller.weight);", "return functional.linear(linear_input_quantizer.call(x), linear_weight_quantizer.call(controller.weight));", "Weight = new() { NumBits = 4, Axis = 0 }")]
    public void Input_and_weight_of_a_layer_that_is_written_as_a_function_are_quantized(string body, string expected, string descriptor)
    {
        Assert.Equal(expected, Line(body, ", Weight = \"4bit\""));
        Assert.Contains(descriptor, Text(body, ", Weight = \"4bit\""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return functional.avg_pool2d(x, 2);", "return functional.avg_pool2d(avg_pool2d_input_quantizer.call(x), 2);")]
    [InlineData("return functional.adaptive_avg_pool1d(x, 1);", "return functional.adaptive_avg_pool1d(adaptive_avg_pool1d_input_quantizer.call(x), 1);")]
    public void The_input_of_an_average_pool_is_quantized(string body, string expected) => Assert.Equal(expected, Line(body));

    [Fact]
    public void A_tensor_of_the_model_in_a_product_is_a_weight_with_one_range()
    {
        string text = Text("return x.matmul(weight) - weight.t().matmul(y);", ", Weight = \"4bit per-channel\"");

        Assert.Contains("return matmul_input_quantizer.call(x).matmul(matmul_other_quantizer.call(weight)) - ", text, StringComparison.Ordinal);
        Assert.Contains("matmul2_input_quantizer.call(weight.t()).matmul(matmul2_other_quantizer.call(y));", text, StringComparison.Ordinal);
        Assert.Contains("matmul_input_quantizer = new(Quantization.Input);", text, StringComparison.Ordinal);
        Assert.Contains("matmul_other_quantizer = new(Quantization.WeightPerTensor);", text, StringComparison.Ordinal);
        Assert.Contains("matmul2_input_quantizer = new(Quantization.WeightPerTensor);", text, StringComparison.Ordinal);
        Assert.Contains("matmul2_other_quantizer = new(Quantization.Input);", text, StringComparison.Ordinal);
        Assert.Contains("WeightPerTensor = new() { NumBits = 4 };", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_computed_from_the_input_is_an_activation()
        => Assert.Contains("conv2d_weight_quantizer = new(Quantization.Input);", Text("return functional.conv2d(x, controller.call(y));"), StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "return x.matmul(y).matmul(y.matmul(x));",
        "return matmul3_input_quantizer.call(matmul_input_quantizer.call(x).matmul(matmul_other_quantizer.call(y))).matmul(matmul3_other_quantizer.call(matmul2_input_quantizer.call(y).matmul(matmul2_other_quantizer.call(x))));")]
    [InlineData(
        "return functional.conv2d(functional.conv2d(x, weight), weight);",
        "return functional.conv2d(conv2d_2_input_quantizer.call(functional.conv2d(conv2d_input_quantizer.call(x), conv2d_weight_quantizer.call(weight))), conv2d_2_weight_quantizer.call(weight));")]
    [InlineData(
        "Tensor Scores(Tensor a, Tensor b) => a.matmul(b); return Scores(x, y);",
        "Tensor Scores(Tensor a, Tensor b) => matmul_input_quantizer.call(a).matmul(matmul_other_quantizer.call(b)); return Scores(x, y);")]
    [InlineData(
        "Func<Tensor, Tensor> f = t => t.mm(y); return f(x);",
        "Func<Tensor, Tensor> f = t => mm_input_quantizer.call(t).mm(mm_other_quantizer.call(y)); return f(x);")]
    [InlineData(
        "for (int i = 0; i < 3; i++) { x = x.mm(weight); } return x;",
        "for (int i = 0; i < 3; i++) { x = mm_input_quantizer.call(x).mm(mm_other_quantizer.call(weight)); } return x;")]
    [InlineData(
        "var z = x; z = z.mm(y) + z; return z;",
        "var z = x; z = mm_input_quantizer.call(z).mm(mm_other_quantizer.call(y)) + residual_quantizer.call(z); return z;")]
    public void Operations_are_quantized_wherever_they_stand_and_numbered_as_they_are_computed(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("return torch.ones(2, 2).matmul(weight);")]
    [InlineData("return weight.matmul(weight.t());")]
    [InlineData("return functional.max_pool2d(x, 2);")]
    [InlineData("return functional.bilinear(x, y, weight);")]
    [InlineData("return torch.einsum(\"ij->ji\", x);")]
    [InlineData("return torch.einsum(\"ij,jk,kl->il\", x, y, x);")]
    [InlineData("return x.mul(y);")]
    public void What_computes_no_integers_or_takes_no_input_stays_as_it_is(string body) => Assert.Equal(body, Line(body));

    [Theory]
    [InlineData("return weight.addmm(x, y);", "'weight.addmm(x, y)' is not quantized: it multiplies and adds in one; write the product by 'matmul' and the sum by '+'")]
    [InlineData("return functional.scaled_dot_product_attention(x, y, y);", "'functional.scaled_dot_product_attention(x, y, y)' is not quantized: its two products are inside of it; write them by 'matmul'")]
    [InlineData("return functional.bilinear(x, y, weight);", "'functional.bilinear(x, y, weight)' is not quantized: it has no quantized form; write it by 'matmul'")]
    [InlineData("return torch.einsum(\"ij,jk,kl->il\", x, y, x);", "'torch.einsum(\"ij,jk,kl->il\", x, y, x)' is not quantized: only an einsum of two tensors that are written out can be")]
    [InlineData("return torch.einsum(\"ij->ji\", x);", null)]
    [InlineData("return weight.addmm(weight, weight);", null)]
    public void A_product_that_has_no_place_for_quantizers_is_told_of(string body, string? message)
    {
        Assert.Equal(message, Message(", Input = \"8bit\""));
        Assert.Null(Message(", Input = \"none\""));

        string? Message(string settings)
            => Generate(body, settings).Diagnostics.SingleOrDefault(diagnostic => diagnostic.Id == "QG1009")?.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData("return x.matmul(attn_mask);", "return matmul_input_quantizer.call(x).matmul(attn_mask);")]
    [InlineData("return x.matmul(causal_mask);", "return matmul_input_quantizer.call(x).matmul(causal_mask);")]
    [InlineData("return x.matmul(weight[..(int)x.shape[1]].to(x.device));", "return matmul_input_quantizer.call(x).matmul(matmul_other_quantizer.call(weight[..(int)x.shape[1]].to(x.device)));")]
    [InlineData("return x.matmul(torch.zeros(x.shape[0], 2));", "return matmul_input_quantizer.call(x).matmul(torch.zeros(x.shape[0], 2));")]
    [InlineData("return x.matmul(torch.ones(2, 2));", "return matmul_input_quantizer.call(x).matmul(torch.ones(2, 2));")]
    [InlineData("return x.matmul(frozen);", "return matmul_input_quantizer.call(x).matmul(frozen);")]
    public void A_mask_or_a_new_tensor_or_one_in_full_precision_stays_as_it_is(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData(", Input = \"none\"", "return x.matmul(weight).matmul(y);", "return x.matmul(matmul_other_quantizer.call(weight)).matmul(y);")]
    [InlineData(", Weight = \"none\"", "return x.matmul(weight).matmul(y);", "return matmul2_input_quantizer.call(matmul_input_quantizer.call(x).matmul(weight)).matmul(matmul2_other_quantizer.call(y));")]
    public void None_leaves_inputs_or_weights_as_they_are(string settings, string body, string expected) => Assert.Equal(expected, Line(body, settings));

    [Fact]
    public void Without_Functional_nothing_is_quantized() => Assert.Equal("return x.matmul(y);", Line("return x.matmul(y);", functional: false));

    [Fact]
    public void FullPrecision_on_the_method_leaves_its_operations_as_they_are()
        => Assert.Equal(
            "[FullPrecision] private Tensor Scores(Tensor a, Tensor b) => a.matmul(b);",
            Generated.FromModel("""
                [Quantize(Functional = true)] public class Net : Module<Tensor, Tensor>
                {
                    public Net() : base("net") => RegisterComponents();
                    public override Tensor forward(Tensor x) => Scores(x, x);
                    [FullPrecision] private Tensor Scores(Tensor a, Tensor b) => a.matmul(b);
                }
                """).LineWith("[FullPrecision] private Tensor Scores"));

    [Fact]
    public void For_ONNX_Runtime_calibration_finds_out_whether_operands_are_unsigned()
        => Assert.Contains("Input = new() { NumBits = 8, Affine = true };", Text("return x.matmul(y);", ", Target = QuantTarget.OnnxRuntime"), StringComparison.Ordinal);

    [Fact]
    public void A_class_that_derives_from_another_has_its_own_names()
        => Assert.Contains(
            "matmul2_input_quantizer_Wide.call(x.relu()).matmul(matmul2_other_quantizer_Wide.call(x))",
            Generated.FromModel("""
                [Quantize(Functional = true)] public class Net : Module<Tensor, Tensor>
                {
                    public Net() : base("net") => RegisterComponents();
                    public override Tensor forward(Tensor x) => x.matmul(x);
                }
                [Quantize(Functional = true)] public class Wide : Net
                {
                    public Tensor Both(Tensor x) => x.matmul(x) - x.relu().matmul(x);
                }
                """)["QuantWide"], StringComparison.Ordinal);

    [Fact]
    public void What_is_generated_computes_what_the_model_computes_and_keeps_null()
    {
        Assembly assembly = Generated.FromModel("""
            [Quantize(Input = "16bit", Weight = "16bit", Functional = true)] public class Net : Module<Tensor, Tensor>
            {
                private readonly Parameter weight = new(torch.arange(4).to(ScalarType.Float32).reshape(2, 2) / 3);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => Product(Product(x, functional.linear(x, weight)), weight.matmul(x))!;
                public Tensor? Product(Tensor? a, Tensor b) => a?.matmul(b);
            }
            """).Load();
        using var net = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(assembly.GetType("Models.Net")!)!;
        using var quant = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(assembly.GetType("Models.QuantNet")!)!;
        using Tensor x = randn(2, 2), expected = net.call(x), found = quant.call(x);

        Assert.True((expected - found).abs().max().item<float>() <= 1e-3 * expected.abs().max().item<float>());
        Assert.False(expected.equal(found).all().item<bool>());
        Assert.Null(quant.GetType().GetMethod("Product", [typeof(Tensor), typeof(Tensor)])!.Invoke(quant, [null, x]));
    }

    private static string Line(string body, string settings = "", bool functional = true)
    {
        string[] lines = Text(body, settings, functional).Split('\n');
        return lines[Array.FindIndex(lines, line => line.Contains("_ = (weight", StringComparison.Ordinal)) + 1].Trim();
    }

    private static string Text(string body, string settings = "", bool functional = true) => Generate(body, settings, functional).Text;

    private static Generated Generate(string body, string settings, bool functional = true)
        => Generated.From("using System;\nusing System.Collections.Generic;\n" + Compiler.Usings + $$"""
            namespace Models;
            [Quantize(Functional = {{(functional ? "true" : "false")}}{{settings}})]
            public class Net : Module<Tensor, Tensor, Tensor, Tensor>
            {
                private readonly Parameter weight = new(torch.ones(2, 2));
                private readonly Parameter bias = new(torch.ones(2));
                [FullPrecision] private readonly Parameter frozen = new(torch.ones(2, 2));
                private readonly Tensor causal_mask = torch.ones(2, 2);
                private readonly Linear controller = Linear(2, 2);
                public Net() : base("net") { RegisterComponents(); }
                public override Tensor forward(Tensor x, Tensor y, Tensor attn_mask)
                {
                    _ = (weight, bias, frozen, causal_mask, controller);
                    {{body}}
                }
            }
            """);
}
