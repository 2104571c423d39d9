using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using QuantGen.Modules;
using QuantGen.Tests.Verification;
using TorchSharp;

namespace QuantGen.Tests.Rewriting;

/// <summary>A class in several parts is quantized as a whole: each part gives a file.</summary>
public sealed class PartialClassTests
{
    private const string Layers = Compiler.Usings + """
        namespace Models;
        /// <summary>The layers.</summary>
        [Quantize]
        public sealed partial class Net : Module<Tensor, Tensor>
        {
            private readonly Conv2d stem = Conv2d(3, 4, 3, padding: 1);
            private readonly Module<Tensor, Tensor> block = new Block();
            private readonly Linear head;
            public Net() : base("net") { head = MakeHead(); RegisterComponents(); }
            private static partial Linear MakeHead();
        }
        """;

    private const string Forward = """
        using Values = TorchSharp.torch.Tensor;
        namespace Models
        {
            using static TorchSharp.torch;
            partial class Net
            {
                public override Values forward(Values x)
                {
                    Values y = stem.call(x);
                    return head.call(Pool(y + block.call(y)));
                }
            }
        }
        """;

    private const string Rest = """
        using QuantGen;
        using TorchSharp;
        using Conv = TorchSharp.Modules.Conv2d;
        using static TorchSharp.torch.nn;
        namespace Models;
        public sealed partial class Net
        {
            private static torch.Tensor Pool(torch.Tensor x) => x.mean([2L, 3L]);
            private static partial TorchSharp.Modules.Linear MakeHead() => Linear(4, 2);
            private sealed partial class Block() : Module<torch.Tensor, torch.Tensor>("block")
            {
                private readonly Conv conv = Conv2d(4, 4, 1);
            }
        }
        partial class Net
        {
            private sealed partial class Block
            {
                public override torch.Tensor forward(torch.Tensor x) => Sum(x, conv.call(x));
                private static torch.Tensor Identity(torch.Tensor x) => x;
            }
            private sealed partial class Block
            {
                private torch.Tensor Sum(torch.Tensor x, torch.Tensor y) => Identity(x) + y;
            }
        }
        """;

    [Fact]
    public void Each_part_becomes_a_file_with_its_own_usings()
    {
        Generated generated = Generated.From(Layers, Forward, Rest);
        Assert.Equal(["Models.QuantNet.2.g.cs", "Models.QuantNet.3.g.cs", "Models.QuantNet.4.g.cs", "Models.QuantNet.g.cs"], generated.Files);
        Assert.Contains("private readonly QuantConv2d stem = new QuantConv2d(3, 4, 3, padding: 1, input: Quantization.Input, weight: Quantization.Weight);", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("    using static TorchSharp.torch;\n\n", generated["QuantNet.2"], StringComparison.Ordinal);
        Assert.Contains("return head.call(Pool(residual_quantizer.call(y) + block.call(y)));", generated["QuantNet.2"], StringComparison.Ordinal);
        Assert.Contains("private readonly QuantConv2d conv = new QuantConv2d(4, 4, 1,", generated["QuantNet.3"], StringComparison.Ordinal);
        Assert.Contains("=> residual_quantizer.call(Identity(x)) + y;", generated["QuantNet.4"], StringComparison.Ordinal);
        Assert.Single(generated.Files, file => generated[file[..^".g.cs".Length]].Contains("static class Quantization", StringComparison.Ordinal));
    }

    [Fact]
    public void The_model_runs_with_all_its_quantizers_and_as_the_original_without_them()
    {
        Assembly assembly = Generated.From(Layers, Forward, Rest).Load();
        using var net = (torch.nn.Module<torch.Tensor, torch.Tensor>)Activator.CreateInstance(assembly.GetType("Models.Net")!)!;
        using var quant = (torch.nn.Module<torch.Tensor, torch.Tensor>)Activator.CreateInstance(assembly.GetType("Models.QuantNet")!)!;
        quant.LoadWeights(net);
        IReadOnlyList<(string Name, TensorQuantizer Quantizer)> quantizers = QuantModules.Quantizers(quant);
        foreach ((_, TensorQuantizer quantizer) in quantizers)
        {
            quantizer.IsEnabled = false;
        }

        using torch.Tensor x = torch.rand(2, 3, 5, 5);
        using torch.Tensor expected = net.call(x);
        using torch.Tensor actual = quant.call(x);
        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
        Assert.Equal(
            [
                "block.conv._input_quantizer", "block.conv._weight_quantizer", "block.residual_quantizer", "head._input_quantizer", "head._weight_quantizer",
                "residual_quantizer", "stem._input_quantizer", "stem._weight_quantizer",
            ],
            quantizers.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.IsAssignableFrom<Onnx.ITraceable>(quant);
    }

    [Fact]
    public void Parts_of_one_file_can_each_have_a_profile()
    {
        Generated generated = Generated.FromModel("""
            [Quantize(Name = "QuantNet4", Input = "4bit")] public partial class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
            }
            [Quantize] public partial class Net
            {
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x);
            }
            """);
        Assert.Equal(["Models.QuantNet.2.g.cs", "Models.QuantNet.g.cs", "Models.QuantNet4.2.g.cs", "Models.QuantNet4.g.cs"], generated.Files);
        Assert.Contains("partial class QuantNet4 : Module<Tensor, Tensor>", generated["QuantNet4"], StringComparison.Ordinal);
        Assert.Contains("public QuantNet4() : base(\"net\")", generated["QuantNet4.2"], StringComparison.Ordinal);
    }

    [Fact]
    public void An_annotated_part_without_braces_leaves_the_members_to_the_next()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public partial class Net() : Module<Tensor, Tensor>("net");
            public partial class Net
            {
                private readonly Linear fc = Linear(2, 2);
                public override Tensor forward(Tensor x) => x + fc.call(x);
            }
            """);
        Assert.Contains("public partial class QuantNet() : Module<Tensor, Tensor>(\"net\"), ITraceable, IQuantizedModel;", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("private readonly TensorQuantizer residual_quantizer = new(Quantization.Residual);", generated["QuantNet.2"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_said_of_one_part_is_said_there()
    {
        Generated generated = Generated.From(
            Compiler.Usings + """
            namespace Models;
            [Quantize] public partial class Net : Module<Tensor, Tensor>
            {
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => fc.call(x);
            }
            """,
            Compiler.Usings + """
            namespace Models;
            file sealed class Size { public const int Width = 2; }
            public partial class Net
            {
                private readonly Linear fc = Linear(Size.Width, 2);
            }
            """);
        Diagnostic problem = Assert.Single(generated.Diagnostics);
        Assert.Equal("QG1001", problem.Id);
        Assert.Equal("Models/File1.cs", problem.Location.GetLineSpan().Path);
        Assert.Empty(generated.Files);
    }

    [Theory]
    [InlineData("private static partial Linear Make();", "private static partial Linear Make() => Zoo.Shared;", "private static partial Linear Make() => Zoo.Shared;")]
    [InlineData("static partial void Init(Linear l);", "static partial void Init(Linear l) => Zoo.Init(l);", "static partial void Init(Linear l) => Zoo.Init(l);")]
    [InlineData("private static partial Linear Make();", "private static partial Linear Make() => Linear(2, 2);", "private static partial QuantLinear Make() => new QuantLinear(2, 2, input: Quantization.Input, weight: Quantization.Weight);")]
    public void Both_declarations_of_a_partial_method_have_one_type(string definition, string implementation, string expected)
    {
        Generated generated = Generated.FromModel($$"""
            [Quantize] public partial class Net() : Module<Tensor, Tensor>("net")
            {
                {{definition}}
                public override Tensor forward(Tensor x) => x;
            }
            public partial class Net { {{implementation}} }
            public static class Zoo { public static readonly Linear Shared = Linear(2, 2); public static void Init(Linear l) => init.zeros_(l.weight); }
            """);
        Assert.Contains(expected, generated["QuantNet.2"], StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_for_two_annotated_parts_is_said_once()
    {
        Generated generated = Generated.FromModel("""
            [Quantize(Name = "QuantNet4")] public partial class Net : Module<Tensor, Tensor>
            {
                public override Tensor forward(Tensor x) => x.cumprod(0);
            }
            [Quantize] public partial class Net { public Net() : base("net") { } }
            """);
        Assert.Equal("QG1005", Assert.Single(generated.Diagnostics).Id);
    }

    [Fact]
    public void An_edit_of_a_body_in_another_part_is_seen()
    {
        CSharpCompilation compilation = Compiler.Compile(Layers, Forward, Rest);
        GeneratorDriver driver = Compiler.Driver().RunGenerators(compilation);
        SyntaxTree tree = compilation.SyntaxTrees[1];
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(tree, Compiler.Parse(Forward.Replace("y + block", "2 * y + block", StringComparison.Ordinal), tree.FilePath)));
        string text = driver.GetRunResult().GeneratedTrees.Single(file => file.FilePath.EndsWith("QuantNet.2.g.cs", StringComparison.Ordinal)).ToString();
        Assert.Contains("residual_quantizer.call(2 * y) + block", text, StringComparison.Ordinal);
    }
}
