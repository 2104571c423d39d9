using QuantGen.Tests.Verification;

namespace QuantGen.Tests.Rewriting;

/// <summary>A <c>[Quantize]</c> on a field says how that module is quantized.</summary>
public sealed class FieldSettingsTests
{
    [Fact]
    public void A_field_says_what_it_wants_otherwise_and_takes_the_rest_from_the_class()
    {
        Generated generated = Generate("Input = \"8bit\", Weight = \"4bit\"", """
            [Quantize(Weight = "8bit narrow")] private readonly Linear _head = Linear(2, 2);
            private readonly Linear fc = Linear(2, 2);
            """);
        Assert.EndsWith("_head = new QuantLinear(2, 2, input: Quantization.HeadInput, weight: Quantization.HeadWeight);", generated.LineWith("_head ="), StringComparison.Ordinal);
        Assert.EndsWith("fc = new QuantLinear(2, 2, input: Quantization.Input, weight: Quantization.Weight);", generated.LineWith("fc ="), StringComparison.Ordinal);
        Assert.Equal("public static readonly QuantDescriptor HeadWeight = new() { NumBits = 8, Axis = 0, NarrowRange = true };", generated.LineWith(" HeadWeight ="));
        Assert.Equal("public static readonly QuantDescriptor HeadInput = new() { NumBits = 8 };", generated.LineWith(" HeadInput ="));
    }

    [Fact]
    public void A_field_says_how_what_other_code_makes_is_quantized()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net() : Module<Tensor, Tensor>("net")
            {
                [Quantize(Weight = "4bit")] private readonly Linear head = Zoo.Make();
                private readonly Linear cast = (Linear)Zoo.Any();
                [FullPrecision] private readonly Linear raw = (Linear)Zoo.Any();
                public override Tensor forward(Tensor x) => head.call(x);
            }
            public static class Zoo { public static Linear Make() => Linear(2, 2); public static Module<Tensor, Tensor> Any() => Linear(2, 2); }
            """);
        Assert.Equal("[Quantize(Weight = \"4bit\")] private readonly QuantLinear head = QuantModules.Convert(Zoo.Make(), Quantization.HeadInput, Quantization.HeadWeight);", generated.LineWith(" head ="));
        Assert.Equal("private readonly QuantLinear cast = (QuantLinear)QuantModules.Convert(Zoo.Any(), Quantization.Input, Quantization.Weight);", generated.LineWith(" cast ="));
        Assert.Equal("[FullPrecision] private readonly Linear raw = (Linear)Zoo.Any();", generated.LineWith(" raw ="));
    }

    [Fact]
    public void A_max_pool_is_quantized_where_its_field_asks_for_it()
    {
        Generated generated = Generate("", """
            [Quantize(Input = "8bit entropy")] private MaxPool2d? pool;
            private readonly MaxPool2d other = MaxPool2d(2);
            public Module<Tensor, Tensor> Make(int n) => pool = MaxPool2d(n);
            """);
        Assert.EndsWith("private QuantMaxPool2d? pool;", generated.LineWith("QuantMaxPool2d? pool"), StringComparison.Ordinal);
        Assert.Contains("pool = new QuantMaxPool2d(n, input: Quantization.PoolInput);", generated.Text, StringComparison.Ordinal);
        Assert.Equal("private readonly MaxPool2d other = MaxPool2d(2);", generated.LineWith(" other ="));
        Assert.Empty(generated.Diagnostics);
    }

    [Fact]
    public void A_field_under_an_abstract_type_and_a_property_ask_alike()
    {
        Generated generated = Generate("", """
            [Quantize] private readonly Module<Tensor, Tensor> pool = MaxPool2d(2);
            [Quantize(Input = "none")] private Linear Head { get; } = Linear(2, 2);
            """);
        Assert.EndsWith("pool = new QuantMaxPool2d(2, input: Quantization.Input);", generated.LineWith("pool ="), StringComparison.Ordinal);
        Assert.EndsWith("new QuantLinear(2, 2, input: Quantization.HeadInput, weight: Quantization.HeadWeight);", generated.LineWith(" Head "), StringComparison.Ordinal);
    }

    [Fact]
    public void With_a_name_it_is_for_that_profile_only()
    {
        Generated generated = Generate("Weight = \"8bit\"), Quantize(Weight = \"4bit\", Name = \"QuantNetInt4\"", """
            [Quantize(Weight = "8bit", Name = "QuantNetInt4")] private readonly Linear fc = Linear(2, 2);
            """);
        Assert.Contains("weight: Quantization.Weight)", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("weight: Quantization.FcWeight)", generated["QuantNetInt4"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_and_a_derived_model_have_quantizers_of_different_names_and_both_are_traced()
    {
        Generated generated = Generated.FromModel("""
            [Quantize] public class Net : Module<Tensor, Tensor>
            {
                private readonly Linear fc = Linear(2, 2);
                public Net() : base("net") => RegisterComponents();
                public override Tensor forward(Tensor x) => x + fc.call(x);
            }
            [Quantize] public class Wide : Net
            {
                private readonly Linear wide = Linear(2, 2);
                public override Tensor forward(Tensor x) => x + wide.call(x);
            }
            """);
        Assert.Contains("residual_quantizer.call(x) + fc", generated["QuantNet"], StringComparison.Ordinal);
        Assert.Contains("residual_quantizer_Wide.call(x) + wide", generated["QuantWide"], StringComparison.Ordinal);
        Assert.Contains("public override TracedTensor TraceForward(TracedTensor x) => residual_quantizer_Wide.call(x) + wide.call(x);", generated["QuantWide"], StringComparison.Ordinal);
        Assert.Empty(generated.Diagnostics);
    }

    private static Generated Generate(string settings, string fields) => Generated.FromModel($$"""
        [Quantize({{settings}})] public class Net : Module<Tensor, Tensor>
        {
            {{fields}}
            public Net() : base("net") => RegisterComponents();
            public override Tensor forward(Tensor x) => x;
        }
        """);
}
