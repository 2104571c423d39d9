using System.Reflection;
using QuantGen.Tests.Verification;
using static TorchSharp.torch;

namespace QuantGen.Tests.Functional;

/// <summary>Which tensors of a concatenation get quantizers, and how the text of the user's line comes out.</summary>
public sealed class ConcatTests
{
    private const string ForEach = "global::System.Linq.Enumerable.ToArray(global::System.Linq.Enumerable.Select({0}, tensor => concat_quantizer.call(tensor)))";

    [Theory]
    [InlineData("return torch.cat(new[] { y, x }, 1);", "return torch.cat(new[] { concat_quantizer.call(y), concat_quantizer2.call(x) }, 1);")]
    [InlineData("return cat(dim: 1, tensors: new Tensor[] { y, x });", "return cat(dim: 1, tensors: new Tensor[] { concat_quantizer.call(y), concat_quantizer2.call(x) });")]
    [InlineData("return concat([x, y], 1);", "return concat([concat_quantizer.call(x), concat_quantizer2.call(y)], 1);")]
    [InlineData("return concatenate([x, y + x], 1);", "return concatenate([concat_quantizer.call(x), concat_quantizer2.call(addend_quantizer.call(y) + residual_quantizer.call(x))], 1);")]
    [InlineData("return torch.cat(new List<Tensor> { x, y });", "return torch.cat(new List<Tensor> { concat_quantizer.call(x), concat_quantizer2.call(y) });")]
    [InlineData("return torch.cat([token, y]);", "return torch.cat([concat_quantizer.call(token), concat_quantizer2.call(y)]);")]
    [InlineData("return torch.cat([y, attn_mask, torch.ones(1)]);", "return torch.cat([concat_quantizer.call(y), attn_mask, torch.ones(1)]);")]
    [InlineData("return cat([cat([x, y]), y]);", "return cat([concat_quantizer3.call(cat([concat_quantizer.call(x), concat_quantizer2.call(y)])), concat_quantizer4.call(y)]);")]
    [InlineData("Func<Tensor, Tensor> join = t => cat([t, y], 1); return join(x);", "Func<Tensor, Tensor> join = t => cat([concat_quantizer.call(t), concat_quantizer2.call(y)], 1); return join(x);")]
    public void For_ONNX_Runtime_each_tensor_of_a_concatenation_has_a_quantizer(string body, string expected) => Assert.Equal(expected, Line(body));

    [Theory]
    [InlineData("var list = new List<Tensor> { x }; foreach (var layer in layers) { list.Add(layer.call(x)); } return cat(list, 1);", "return cat({0}, 1);", "list")]
    [InlineData("var list = new[] { x, y }; return torch.cat(list, dim: 1);", "return torch.cat({0}, dim: 1);", "list")]
    [InlineData("IEnumerable<Tensor> list = [x, y]; return cat(list.Reverse().ToList());", "return cat({0});", "list.Reverse().ToList()")]
    [InlineData("var list = new List<Tensor> { x }; return cat([.. list, y]);", "return cat([.. {0}, concat_quantizer2.call(y)]);", "list")]
    [InlineData("return cat(Branches(x));", "return cat({0});", "Branches(x)")]
    public void A_list_is_quantized_tensor_by_tensor(string body, string expected, string list)
        => Assert.Contains(
            expected.Replace("{0}", ForEach.Replace("{0}", list, StringComparison.Ordinal), StringComparison.Ordinal), Line(body), StringComparison.Ordinal);

    [Theory]
    [InlineData("return cat([x, x.relu()]);")]
    [InlineData("return cat([x, embedding.call(x)]);")]
    [InlineData("return cat([token, torch.ones(1)]);")]
    [InlineData("ReadOnlySpan<Tensor> list = [x, y]; return cat(list);")]
    [InlineData("return torch.stack([x, y]);")]
    public void What_may_be_integers_or_cannot_be_quantized_stays_as_it_is(string body) => Assert.Equal(body, Line(body));

    [Theory]
    [InlineData("")]
    [InlineData(", Target = QuantTarget.TensorRT")]
    [InlineData(", Target = QuantTarget.OnnxRuntime, Input = \"none\"")]
    public void For_TensorRT_or_without_inputs_a_concatenation_stays_as_it_is(string settings)
        => Assert.Equal("return cat([x, y], 1);", Line("return cat([x, y], 1);", settings));

    [Fact]
    public void A_concatenation_in_a_static_member_is_reported()
    {
        Generated generated = Generated.FromModel("""
            [Quantize(Target = QuantTarget.OnnxRuntime)] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => Join(x, fc.call(x));
                private static Tensor Join(Tensor a, Tensor b) => cat([a, b], 1);
            }
            """);

        Assert.Equal(
            "'cat([a, b], 1)' is not quantized: it is in a static member; in an instance member it could use a quantizer of the model",
            generated.Diagnostics.Single(diagnostic => diagnostic.Id == "QG1009").GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_tensors_of_a_list_come_out_in_steps_of_one_range()
    {
        Assembly assembly = Generated.FromModel("""
            [Quantize(Target = QuantTarget.OnnxRuntime, Weight = "none")] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(4, 4);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x)
                {
                    var list = new System.Collections.Generic.List<Tensor>() { x * 100 };
                    list.Add(fc.call(x));
                    return cat(list, 1);
                }
            }
            """).Load();
        using var quant = (nn.Module<Tensor, Tensor>)Activator.CreateInstance(assembly.GetType("Models.QuantNet")!)!;
        using var scope = NewDisposeScope();
        Tensor x = rand(3, 4) - 0.5;
        Calibration.Run(quant, [x], CalibrationMethod.Max);

        Tensor steps = quant.call(x) / ((x.max() - x.min()) * 100 / 255);

        Assert.True((steps - steps.round()).abs().max().item<float>() < 1e-3);
    }

    private static string Line(string body, string settings = ", Target = QuantTarget.OnnxRuntime")
    {
        string text = Generated.From("using System;\nusing System.Collections.Generic;\nusing System.Linq;\n" + Compiler.Usings + $$"""
            namespace Models;
            [Quantize(Weight = "8bit"{{settings}})]
            public class Net : Module<Tensor, Tensor, Tensor>
            {
                private readonly Linear fc = Linear(8, 8);
                private readonly Embedding embedding = Embedding(8, 8);
                private readonly Parameter token = new(torch.ones(1));
                private readonly ModuleList<Module<Tensor, Tensor>> layers = new();
                public Net() : base("net") { RegisterComponents(); }
                private List<Tensor> Branches(Tensor t) => new List<Tensor> { t, fc.call(t) };
                public override Tensor forward(Tensor x, Tensor attn_mask)
                {
                    var y = fc.call(x); _ = (embedding, token, layers);
                    {{body}}
                }
            }
            """).Text;
        string[] lines = text.Split('\n');
        return lines[Array.FindIndex(lines, line => line.Contains("_ = (embedding", StringComparison.Ordinal)) + 1].Trim();
    }
}
