using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>What becomes of factories and of names of modules.</summary>
public sealed class FactoryTests
{
    [Theory]
    [InlineData("Conv2d(1, 8, 3)", "new QuantConv2d(1, 8, 3, input: Quantization.Input, weight: Quantization.Weight)")]
    [InlineData("nn.Conv2d(1, 8, (3, 5), padding: (1, 2))", "new QuantConv2d(1, 8, (3, 5), padding: (1, 2), input: Quantization.Input, weight: Quantization.Weight)")]
    [InlineData("torch.nn.Conv2d(in_channels: 1, bias: false, out_channels: 8, kernel_size: 3)", "new QuantConv2d(in_channels: 1, bias: false, out_channels: 8, kernel_size: 3, input: Quantization.Input, weight: Quantization.Weight)")]
    [InlineData("Linear(4, 2)", "new QuantLinear(4, 2, input: Quantization.Input, weight: Quantization.Weight)")]
    [InlineData("AdaptiveAvgPool2d(1)", "new QuantAdaptiveAvgPool2d(1, input: Quantization.Input)")]
    [InlineData("Sequential(ReLU(), Linear(4, 2), Dropout(0.5))", "Sequential(ReLU(), new QuantLinear(4, 2, input: Quantization.Input, weight: Quantization.Weight), Dropout(0.5))")]
    [InlineData("BatchNorm2d(8)", "BatchNorm2d(8)")]
    [InlineData("MaxPool2d(2)", "MaxPool2d(2)")]
    public void A_factory_becomes_the_constructor_of_its_counterpart(string factory, string expected)
        => Assert.Equal($"private readonly Module<Tensor, Tensor> layer = {expected};", WithLayer($"private readonly Module<Tensor, Tensor> layer = {factory};").LineWith(" layer ="));

    [Theory]
    [InlineData("private readonly Conv2d layer = Conv2d(1, 8, 3);", "private readonly QuantConv2d layer = new QuantConv2d(")]
    [InlineData("private readonly TorchSharp.Modules.Conv2d layer = Conv2d(1, 8, 3);", "private readonly QuantConv2d layer = new QuantConv2d(")]
    [InlineData("private readonly List<Conv2d> layer = [Conv2d(1, 8, 3)];", "private readonly List<QuantConv2d> layer = [new QuantConv2d(")]
    [InlineData("private readonly Func<long, Conv2d> layer = n => Conv2d(n, 8, 3);", "private readonly Func<long, QuantConv2d> layer = n => new QuantConv2d(n,")]
    public void The_name_of_a_module_type_becomes_that_of_its_counterpart(string field, string expected)
        => Assert.StartsWith(expected, WithLayer(field).LineWith(" layer ="), StringComparison.Ordinal);

    [Theory]
    [InlineData("case Conv2d conv: init.ones_(conv.weight!); break;", "case QuantConv2d conv: init.ones_(conv.weight!); break;")]
    [InlineData("case Conv2d c: init.normal_(c.weight!, 0, Math.Sqrt(2.0 / (c.kernel_size[0] * c.kernel_size[1] * c.out_channels / c.groups))); break;", "case QuantConv2d c: init.normal_(c.weight!, 0, Math.Sqrt(2.0 / (c.kernel_size[0] * c.kernel_size[1] * c.out_channels / c.groups))); break;")]
    [InlineData("case InstanceNorm2d n: n.momentum ??= 0.2; break;", "case QuantInstanceNorm2d n: n.momentum ??= 0.2; break;")]
    [InlineData("case Conv2d c: c.groups = 2; break;", "case Conv2d c: c.groups = 2; break;")]
    [InlineData("case Linear l: init.uniform_(l.weight, -1.0 / l.in_features, 1.0 / l.out_features); break;", "case QuantLinear l: init.uniform_(l.weight, -1.0 / l.in_features, 1.0 / l.out_features); break;")]
    [InlineData("case AvgPool1d { kernel_size: > 2, stride: { } step }: Console.WriteLine(step); break;", "case AvgPool1d { kernel_size: > 2, stride: { } step }: Console.WriteLine(step); break;")]
    [InlineData("case TorchSharp.Modules.Linear { bias: not null } linear: init.zeros_(linear.bias!); break;", "case QuantLinear { bias: not null } linear: init.zeros_(linear.bias!); break;")]
    public void Names_in_patterns_are_renamed_too(string arm, string expected)
    {
        Generated generated = WithLayer($$"""
            private readonly Module<Tensor, Tensor> layer = ReLU();
            public void Initialize()
            {
                foreach (var module in modules())
                {
                    switch (module)
                    {
                        {{arm}}
                    }
                }
            }
            """);
        Assert.Equal(expected, generated.LineWith("case "));
    }

    [Fact]
    public void A_generic_method_of_a_base_class_takes_and_gives_what_it_is_given()
    {
        Generated generated = Generated.FromModel("""
            public abstract class Base(string name) : Module<Tensor, Tensor>(name)
            {
                protected abstract Linear MakeHead();
                protected T Add<T>(string name, T layer) where T : Module { register_module(name, layer); return layer; }
                protected Tensor Run<T>(T layer, Tensor x) where T : Module<Tensor, Tensor> => layer.call(x);
            }
            [Quantize] public class Net : Base
            {
                private readonly Linear head;
                private readonly Conv2d conv;
                public Net() : base("net")
                {
                    head = MakeHead();
                    conv = Add("conv", Conv2d(1, 1, 1));
                    RegisterComponents();
                }
                protected override Linear MakeHead() => Linear(2, 2);
                public override Tensor forward(Tensor x) => Run<Linear>(head, Run<Conv2d>(conv, x));
            }
            """);
        Assert.Equal("conv = Add(\"conv\", new QuantConv2d(1, 1, 1, input: Quantization.Input, weight: Quantization.Weight));", generated.LineWith("conv = Add"));
        Assert.Equal("protected override Linear MakeHead() => Linear(2, 2);", generated.LineWith("Linear MakeHead"));
        Assert.Equal("public override Tensor forward(Tensor x) => Run<Linear>(head, Run<QuantConv2d>(conv, x));", generated.LineWith("Tensor forward"));
        Assert.Equal("QG1006", generated.Diagnostics.First(diagnostic => diagnostic.Severity > Microsoft.CodeAnalysis.DiagnosticSeverity.Info).Id);
    }

    [Fact]
    public void An_extension_of_the_abstract_module_extends_its_counterpart_too()
        => Assert.Equal(
            "private readonly QuantLinear layer = new QuantLinear(2, 2, input: Quantization.Input, weight: Quantization.Weight);",
            Generated.FromModel("""
                public static class Layers
                {
                    extension(Module<Tensor, Tensor> layer)
                    {
                        public int Depth => 2;
                        public Tensor Twice(Tensor x) => layer.call(layer.call(x));
                    }
                }
                [Quantize] public class Net : Module<Tensor, Tensor>
                {
                    private readonly Linear layer = Linear(2, 2);
                    public Net() : base("net") => RegisterComponents();
                    public override Tensor forward(Tensor x) => layer.Twice(x) * layer.Depth;
                }
                """).LineWith(" layer ="));

    [Fact]
    public void A_name_in_nameof_may_be_a_key_and_stays()
        => Assert.Contains("(nameof(Conv2d), new QuantConv2d(", WithLayer("private readonly Sequential layer = Sequential((nameof(Conv2d), Conv2d(1, 8, 3)));").LineWith(" layer ="), StringComparison.Ordinal);

    [Theory]
    [InlineData("4bit", "4bit", "Input = new() { NumBits = 4 };", "Weight = new() { NumBits = 4, Axis = 0 };")]
    [InlineData("unsigned entropy", "per-tensor narrow", "Input = new() { NumBits = 8, Unsigned = true, CalibrationMethod = CalibrationMethod.Entropy };", "Weight = new() { NumBits = 8, NarrowRange = true };")]
    [InlineData("percentile=99.9", "per-tensor mse", "Input = new() { NumBits = 8, CalibrationMethod = CalibrationMethod.Percentile(99.9) };", "Weight = new() { NumBits = 8, CalibrationMethod = CalibrationMethod.Mse };")]
    [InlineData("fp8", "fp8", "Input = new() { NumBits = NumBits.E4M3 };", "Weight = new() { NumBits = NumBits.E4M3 };")]
    [InlineData("learned max", "16bit", "Input = new() { NumBits = 8, CalibrationMethod = CalibrationMethod.Max, LearnAmax = true, LearnStep = true };", "Weight = new() { NumBits = 16, Axis = 0 };")]
    [InlineData("8bits", "perchannel", "Input = new() { NumBits = 8 };", "Weight = new() { NumBits = 8, Axis = 0 };")]
    public void The_strings_become_descriptors_and_a_wrong_string_the_default(string input, string weight, string expectedInput, string expectedWeight)
    {
        Generated generated = WithLayer("private readonly Linear layer = Linear(4, 2);", $"Input = \"{input}\", Weight = \"{weight}\"");
        Assert.Equal("public static readonly QuantDescriptor " + expectedInput, generated.LineWith(" Input = new"));
        Assert.Equal("public static readonly QuantDescriptor " + expectedWeight, generated.LineWith(" Weight = new"));
    }

    [Theory]
    [InlineData("Input = \"none\", Weight = \"none\"", "private readonly Linear layer = Linear(4, 2);")]
    [InlineData("Weight = \"none\"", "private readonly QuantLinear layer = new QuantLinear(4, 2, input: Quantization.Input, weight: Quantization.Weight);")]
    [InlineData("Input = \"none\"", "private readonly QuantLinear layer = new QuantLinear(4, 2, input: Quantization.Input, weight: Quantization.Weight);")]
    public void None_leaves_a_part_unquantized(string settings, string expected)
        => Assert.Equal(expected, WithLayer("private readonly Linear layer = Linear(4, 2);", settings).LineWith(" layer ="));

    [Theory]
    [InlineData("Weight = \"none\"", "Weight")]
    [InlineData("Input = \"none\"", "Input")]
    public void None_is_a_descriptor_whose_quantizers_start_disabled_for_every_kind_of_module(string settings, string part)
        => Assert.Equal(
            $"public static readonly QuantDescriptor {part} = new() {{ IsNone = true }};",
            WithLayer("private readonly LSTM layer = LSTM(4, 2);", settings).LineWith($" {part} = new"));

    [Fact]
    public void A_linear_layer_made_from_its_weight_names_the_descriptor_of_the_weight_otherwise()
        => Assert.Equal(
            "private readonly QuantLinear layer = new QuantLinear(new Parameter(randn(2, 4)), input: Quantization.Input, weightQuantization: Quantization.Weight);",
            WithLayer("private readonly Linear layer = Linear(new Parameter(randn(2, 4)));").LineWith(" layer ="));

    [Theory]
    [InlineData("[FullPrecision] private readonly Linear layer = Linear(4, 2);")]
    [InlineData("[FullPrecision] private readonly Module<Tensor, Tensor> layer = Sequential(Linear(4, 2));")]
    [InlineData("[FullPrecision] private Linear layer { get; } = Linear(4, 2);")]
    public void A_member_in_full_precision_stays_as_it_is(string member)
        => Assert.Equal(member, WithLayer(member).LineWith(" layer "));

    [Fact]
    public void What_is_assigned_to_a_field_in_full_precision_stays_as_it_is()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                [FullPrecision] private readonly Linear stem;
                private readonly Linear head;
                public Net() : base("net")
                {
                    stem = Linear(4, 4);
                    head = Linear(4, 2);
                    RegisterComponents();
                }
                public override Tensor forward(Tensor x) => head.call(stem.call(x));
                [FullPrecision] public Tensor Exact(Tensor x) => x + stem.call(x);
            }
            """);
        Assert.Equal("stem = Linear(4, 4);", generated.LineWith("stem ="));
        Assert.Equal("head = new QuantLinear(4, 2, input: Quantization.Input, weight: Quantization.Weight);", generated.LineWith("head ="));
        Assert.Equal("[FullPrecision] public Tensor Exact(Tensor x) => x + stem.call(x);", generated.LineWith("public Tensor Exact"));
    }

    private static Generated WithLayer(string member, string settings = "") => Generated.From("using System;\nusing System.Collections.Generic;\n" + Compiler.Usings + $$"""
        namespace Models;
        [Quantize({{settings}})]
        public class Net : Module<Tensor, Tensor>
        {
            {{member}}
            public Net() : base("net") { RegisterComponents(); }
            public override Tensor forward(Tensor x) { _ = layer; return x; }
        }
        """);
}
