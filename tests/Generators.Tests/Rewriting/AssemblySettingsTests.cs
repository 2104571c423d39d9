using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>What attributes of the assembly say.</summary>
public sealed class AssemblySettingsTests
{
    private const string Net = Compiler.Usings + """
        namespace Models;
        public class Net : Module<Tensor, Tensor>
        {
            private readonly Linear fc = Linear(2, 2);
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x + fc.call(x);
        }
        """;

    [Fact]
    public void A_class_that_must_not_be_touched_is_annotated_from_elsewhere()
    {
        Generated generated = Generated.From(Net, """
            using QuantGen;
            [assembly: Quantize(typeof(Models.Net), Weight = "4bit")]
            [assembly: Quantize(typeof(Models.Net), Name = "QuantNetOrt", Target = QuantTarget.OnnxRuntime)]
            """);
        Assert.Equal(["Models.QuantNet.g.cs", "Models.QuantNetOrt.g.cs"], generated.Files);
        Assert.Contains("Weight = new() { NumBits = 4, Axis = 0 };", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("addend_quantizer.call(fc.call(x))", generated["QuantNetOrt"], StringComparison.Ordinal);
    }

    [Fact]
    public void Other_models_find_the_sibling_of_such_a_class()
    {
        Generated generated = Generated.From(Net, Compiler.Usings + """
            [assembly: Quantize(typeof(Models.Net))]
            namespace Models;
            [Quantize] public class Outer() : Module("outer") { public Module Make() => new Net(); }
            """);
        Assert.Contains("new QuantNet()", generated["QuantOuter"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_class_without_source_is_told_of()
    {
        Generated generated = Generated.From("using QuantGen; [assembly: Quantize(typeof(TorchSharp.Modules.Linear))]");
        Assert.Equal("'Linear' cannot be quantized: its source is not in this project", Assert.Single(generated.Diagnostics).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_pair_of_the_users_own_is_exchanged_and_given_the_descriptors()
    {
        Generated generated = Generated.From(Pair, Compiler.Usings + """
            namespace Models;
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Scaled a = new Scaled(2), b = new(3);
                private readonly Module<Tensor, Tensor> c = new Scaled(n: 4);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => b.call(a.call(x));
            }
            """);
        Assert.Equal(
            "private readonly QuantScaled a = new QuantScaled(2, input: Quantization.Input), b = new(3, input: Quantization.Input);",
            generated.LineWith(" a =").Replace("global::Models.", "", StringComparison.Ordinal));
        Assert.Contains("QuantScaled(n: 4, input: Quantization.Input);", generated.LineWith(" c ="), StringComparison.Ordinal);
        Assert.Empty(generated.Diagnostics);
    }

    [Fact]
    public void Where_the_counterpart_cannot_be_made_alike_the_module_stays()
    {
        Generated generated = Generated.From(Pair, Compiler.Usings + """
            namespace Models;
            [Quantize] public class Net() : Module("net") { public Scaled Make() => new Scaled("2"); }
            """);
        Assert.Contains("public Scaled Make() => new Scaled(\"2\");", generated.Text, StringComparison.Ordinal);
        Assert.Equal("QG1006", Assert.Single(generated.Diagnostics).Id);
    }

    private const string Pair = Compiler.Usings + """
        [assembly: QuantizedModule(typeof(Models.Scaled), typeof(Models.QuantScaled))]
        namespace Models;
        public class Scaled(long n) : Module<Tensor, Tensor>("scaled")
        {
            public Scaled(string n) : this(long.Parse(n)) { }
            public override Tensor forward(Tensor x) => x * n;
        }
        public class QuantScaled(long n, QuantDescriptor? input = null) : Module<Tensor, Tensor>("scaled")
        {
            private readonly TensorQuantizer _input_quantizer = new(input);
            public override Tensor forward(Tensor x) => _input_quantizer.call(x) * n;
        }
        """;
}
