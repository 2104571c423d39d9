using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Signs;

/// <summary>Which quantizers are declared unsigned, because what reaches them is proven not to be negative.</summary>
public sealed class UnsignedTests
{
    [Fact]
    public void A_residual_operand_that_is_rectified_is_unsigned()
    {
        string text = Text("private readonly Linear fc = Linear(2, 2);", "x = x.relu(); return x + fc.call(x);");

        Assert.Contains("residual_quantizer = new(Quantization.UnsignedResidual);", text, StringComparison.Ordinal);
        Assert.Contains("addend_quantizer = new(Quantization.Residual);", text, StringComparison.Ordinal);
        Assert.Contains("UnsignedResidual = new() { NumBits = 8, Unsigned = true };", text, StringComparison.Ordinal);
        Assert.Contains("Residual = new() { NumBits = 8, Affine = true };", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("return cat([x.relu(), fc.call(x).relu()], 1);", "concat_quantizer2 = new(Quantization.UnsignedInput)")]
    [InlineData("return cat([x.relu(), fc.call(x)], 1);", "concat_quantizer2 = new(Quantization.Input)")]
    [InlineData("return cat([x.relu(), fc.call(x)], 1);", "concat_quantizer = new(Quantization.UnsignedInput)")]
    public void A_tensor_of_a_concatenation_is_unsigned_where_it_is_never_negative(string body, string quantizer)
        => Assert.Contains($"{quantizer};", Text("private readonly Linear fc = Linear(2, 2);", body), StringComparison.Ordinal);

    [Theory]
    [InlineData("Sequential(ReLU(), Conv2d(8, 8, 1))", "Sequential(ReLU(), new QuantConv2d(8, 8, 1, input: Quantization.UnsignedInput, weight: Quantization.Weight))")]
    [InlineData("Sequential((\"a\", ReLU()), (\"p\", MaxPool2d(2)), (\"d\", Dropout()), (\"f\", Flatten()), (\"b\", Linear(8, 8)))", "new QuantLinear(8, 8, input: Quantization.UnsignedInput, weight: Quantization.Weight)")]
    [InlineData("Sequential(Conv2d(8, 8, 1), Sequential(ReLU6(), Identity()), Sequential(AvgPool2d(2)))", "new QuantAvgPool2d(2, input: Quantization.UnsignedInput)")]
    [InlineData("Sequential(ReLU(), BatchNorm2d(8), Conv2d(8, 8, 1))", "new QuantConv2d(8, 8, 1, input: Quantization.Input, weight: Quantization.Weight)")]
    [InlineData("Sequential(Conv2d(8, 8, 1), ReLU())", "new QuantConv2d(8, 8, 1, input: Quantization.Input, weight: Quantization.Weight)")]
    [InlineData("Sequential(ReLU(), DateTime.Now.Year > 1 ? ReLU() : Tanh(), Conv2d(8, 8, 1))", "input: Quantization.UnsignedInput")]
    [InlineData("Sequential(DateTime.Now.Year > 1 ? ReLU() : Tanh(), Conv2d(8, 8, 1))", "input: Quantization.Input")]
    public void In_a_Sequential_a_layer_is_unsigned_behind_an_activation(string made, string expected)
        => Assert.Contains(expected, Text($"private readonly Module<Tensor, Tensor> body = {made};", "return body.call(x);"), StringComparison.Ordinal);

    [Theory]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "return conv.call(x.relu());")]
    [InlineData("private readonly Module<Tensor, Tensor> conv = Conv2d(8, 8, 1);", "x = x.relu(); return conv.forward(x) + conv.call(x.abs());")]
    [InlineData("private Conv2d conv { get; } = Conv2d(8, 8, 1);", "return (conv?.call(x.relu()))!;")]
    [InlineData("private readonly Module<Tensor, Tensor> conv = Sequential(Conv2d(8, 8, 1));", "return conv.call(x.relu());")]
    [InlineData("private Module<Tensor, Tensor> conv = null!, act = null!; private void Make() => (conv, act) = (Conv2d(8, 8, 1), ReLU());", "if (training) { Make(); } return conv.call(act.call(x));")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "Console.WriteLine(nameof(conv) + conv.weight!.shape.Length); conv.train(); return conv is null ? x : conv.call(x.relu());")]
    public void A_layer_in_a_private_field_is_unsigned_where_all_of_its_calls_are(string field, string body)
        => Assert.Contains("input: Quantization.UnsignedInput", Text(field, body), StringComparison.Ordinal);

    [Theory]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "return conv.call(x);")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "return conv.call(x.relu()) + conv.call(x);")]
    [InlineData("public readonly Conv2d conv = Conv2d(8, 8, 1);", "return conv.call(x.relu());")]
    [InlineData("protected readonly Conv2d conv = Conv2d(8, 8, 1);", "return conv.call(x.relu());")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "return x;")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "var same = conv; return conv.call(x.relu()) + same.call(x);")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "Tensor Run(Module<Tensor, Tensor> m, Tensor t) => m.call(t); return conv.call(x.relu()) + Run(conv, x);")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "foreach (var (name, child) in named_children()) { var same = child as Module<Tensor, Tensor>; x = same?.call(x) ?? x; } return conv.call(x.relu());")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1);", "foreach (var (name, child) in named_children()) { x = ((Module<Tensor, Tensor>)child).call(x); } return conv.call(x.relu());")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1); public Func<Tensor, Tensor> Run => conv.call;", "return conv.call(x.relu());")]
    [InlineData("private readonly Conv2d conv = Conv2d(8, 8, 1); public Module<Tensor, Tensor> Layer => conv;", "return conv.call(x.relu());")]
    [InlineData("private readonly Sequential conv = Sequential(Conv2d(8, 8, 1));", "return conv.call(x.relu()) + ((Module<Tensor, Tensor>)conv[0]).call(x);")]
    public void Where_a_call_is_not_proven_or_not_seen_calibration_finds_out(string field, string body)
        => Assert.Contains("input: Quantization.Input", Text(field, body), StringComparison.Ordinal);

    [Fact]
    public void Calls_of_the_field_by_another_instance_count()
        => Assert.Contains("input: Quantization.Input", Text("private readonly Conv2d conv = Conv2d(8, 8, 1); private Tensor Cross(Net other, Tensor x) => other.conv.call(x);", "return conv.call(x.relu());"), StringComparison.Ordinal);

    [Fact]
    public void A_field_with_settings_of_its_own_is_unsigned_too()
        => Assert.Contains(
            "HeadUnsignedInput = new() { NumBits = 4, Unsigned = true };",
            Text("[Quantize(Input = \"4bit\")] private readonly Conv2d head = Conv2d(8, 8, 1);", "return head.call(x.relu());"), StringComparison.Ordinal);

    [Fact]
    public void For_TensorRT_nothing_is_unsigned()
    {
        string text = Text("private readonly Conv2d conv = Conv2d(8, 8, 1);", "x = x.relu(); return x + conv.call(x);", "QuantTarget.TensorRT");

        Assert.DoesNotContain("Unsigned", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Floats_of_eight_bits_have_no_unsigned_range()
        => Assert.Contains(
            "input: Quantization.Input", Text("private readonly Conv2d conv = Conv2d(8, 8, 1);", "return conv.call(x.relu());", "QuantTarget.OnnxRuntime, Input = \"fp8\""), StringComparison.Ordinal);

    private static string Text(string members, string body, string target = "QuantTarget.OnnxRuntime")
        => Generated.From("using System;\n" + Compiler.Usings + $$"""
            namespace Models;
            [Quantize(Target = {{target}})]
            public class Net : Module<Tensor, Tensor>
            {
                {{members}}
                public Net() : base("net") { RegisterComponents(); }
                public override Tensor forward(Tensor x)
                {
                    {{body}}
                }
            }
            """).Text;
}
