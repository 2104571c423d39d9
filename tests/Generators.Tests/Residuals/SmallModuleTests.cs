using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Residuals;

/// <summary>Modules of one operation, as every YOLO has: the rules of additions and concatenations hold where they are called.</summary>
public sealed class SmallModuleTests
{
    private const string Modules = """
        public sealed class Concat(long dimension = 1) : Module<Tensor[], Tensor>("concat")
        {
            public override Tensor forward(Tensor[] tensors) => torch.cat(tensors, dimension);
        }

        public sealed class Shortcut() : Module<Tensor, Tensor, Tensor>("shortcut")
        {
            public override Tensor forward(Tensor a, Tensor b) { return a + b; }
        }

        public sealed class Add() : Module<Tensor[], Tensor>("add")
        {
            public override Tensor forward(Tensor[] tensors) => tensors[0] + tensors[1];
        }

        public sealed class AddPair() : Module<(Tensor Left, Tensor Right), Tensor>("add")
        {
            public override Tensor forward((Tensor Left, Tensor Right) pair) => pair.Left.add(pair.Right);
        }

        """;

    [Theory]
    [InlineData("", "return shortcut.call(x, y);", "return shortcut.call(residual_quantizer.call(x), y);")]
    [InlineData("", "return shortcut.call(y, x);", "return shortcut.call(y, residual_quantizer.call(x));")]
    [InlineData("", "return add.call([y, x]);", "return add.call([y, residual_quantizer.call(x)]);")]
    [InlineData("", "return add.call(new[] { x, y });", "return add.call(new[] { residual_quantizer.call(x), y });")]
    [InlineData("", "return pair.call((y, x));", "return pair.call((y, residual_quantizer.call(x)));")]
    [InlineData("", "return abstractly.call(y, x);", "return abstractly.call(y, residual_quantizer.call(x));")]
    [InlineData("", "return concat.call([x, y]);", "return concat.call([x, y]);")]
    [InlineData("Target = QuantTarget.OnnxRuntime", "return shortcut.call(x, y);", "return shortcut.call(residual_quantizer.call(x), addend_quantizer.call(y));")]
    [InlineData("Target = QuantTarget.OnnxRuntime", "return concat.call([x, y]);", "return concat.call([concat_quantizer.call(x), concat_quantizer2.call(y)]);")]
    [InlineData("Target = QuantTarget.OnnxRuntime", "return concat.call(new[] { y, x });", "return concat.call(new[] { concat_quantizer.call(y), concat_quantizer2.call(x) });")]
    public void What_such_a_module_does_is_read_where_it_is_called(string settings, string body, string expected)
    {
        Generated generated = Generate(settings, body);
        Assert.Contains(expected, generated.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(generated.Diagnostics, diagnostic => diagnostic.Id != "QG1005");
    }

    [Fact]
    public void What_follows_has_passed_no_layer_more()
        => Assert.Contains("return x + fc.call(x) + residual_quantizer.call(shortcut.call(x, x));", Generate("", "return x + fc.call(x) + shortcut.call(x, x);").Text.Replace("residual_quantizer.call(x) + fc", "x + fc", StringComparison.Ordinal).Replace("residual_quantizer2", "residual_quantizer", StringComparison.Ordinal), StringComparison.Ordinal);

    [Fact]
    public void Where_the_operands_come_in_a_list_it_is_said()
        => Assert.Contains(
            "'add.call(both)' is not quantized: what it adds comes in a list that is filled elsewhere; write the list out in the call",
            Generate("", "var both = new[] { x, y }; return add.call(both);").Diagnostics.Select(diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)));

    private static Generated Generate(string settings, string body) => Generated.FromModel(Modules + $$"""
        [Quantize({{settings}})] public class Net : Module<Tensor, Tensor>
        {
            private readonly Module<Tensor, Tensor> fc = Linear(2, 2);
            private readonly Concat concat = new();
            private readonly Shortcut shortcut = new();
            private readonly Add add = new();
            private readonly AddPair pair = new();
            private readonly Module<Tensor, Tensor, Tensor> abstractly = new Shortcut();

            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                Tensor y = fc.call(x);
                {{body}}
            }
        }
        """);
}
