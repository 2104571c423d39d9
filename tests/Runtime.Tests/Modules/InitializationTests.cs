using System.Reflection;
using QuantGen.Modules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace QuantGen.Tests.Modules;

public sealed class InitializationTests
{
    public static TheoryData<string> Names => [.. FloatEqualityTests.Pairs().Select(pair => pair.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_seed_gives_the_weights_that_it_gives_in_TorchSharp(string name)
    {
        ModulePair pair = FloatEqualityTests.Pairs().Single(pair => pair.Name == name);
        AssertEqualWeights(pair.Float, pair.Quantized);
    }

    [Fact]
    public void A_seed_gives_an_LSTM_the_weights_that_it_gives_in_TorchSharp()
    {
        AssertEqualWeights(() => nn.LSTM(3, 4, 2, bidirectional: true), () => new QuantLSTM(3, 4, 2, bidirectional: true));
        AssertEqualWeights(() => nn.LSTMCell(3, 4), () => new QuantLSTMCell(3, 4));
    }

    [Fact]
    public void A_module_has_the_properties_that_TorchSharps_has_with_their_types()
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        string[] missing =
        [
            .. from quantized in typeof(QuantConv2d).Assembly.GetExportedTypes()
               where quantized.Namespace == typeof(QuantConv2d).Namespace && !quantized.IsAbstract
               let original = typeof(TorchSharp.Modules.Conv2d).Assembly.GetType("TorchSharp.Modules." + quantized.Name["Quant".Length..])
               where original is not null
               from property in Bases(original).TakeWhile(type => type.Namespace == original.Namespace).SelectMany(type => type.GetProperties(Own))
               where Bases(quantized).Select(type => type.GetProperty(property.Name, Own)).FirstOrDefault(found => found is not null)?.PropertyType != property.PropertyType
               select $"{quantized.Name}.{property.Name}",
        ];

        // Those of pools are arrays for any number of dimensions.
        Assert.Equal(
            [
                "QuantAdaptiveAvgPool1d.output_size", "QuantAvgPool1d.kernel_size", "QuantAvgPool1d.padding", "QuantAvgPool1d.stride",
                "QuantMaxPool1d.dilation", "QuantMaxPool1d.kernel_size", "QuantMaxPool1d.padding", "QuantMaxPool1d.stride",
            ],
            missing.Order(StringComparer.Ordinal));

        static IEnumerable<Type> Bases(Type type)
        {
            for (Type? at = type; at is not null; at = at.BaseType)
            {
                yield return at;
            }
        }
    }

    [Fact]
    public void Properties_say_what_the_constructor_was_told()
    {
        using QuantConv1d same = new(2, 4, 3, padding: TorchSharp.Padding.Same), sized = new(2, 4, 3, padding: 1);
        using QuantConvTranspose1d transposed = new(2, 4, 3, stride: 2, output_padding: 1);
        using QuantInstanceNorm1d norm = new(2, momentum: 0.3);

        Assert.Equal((false, TorchSharp.Padding.Same, null), (same.transposed, same.padding_type, sized.padding_type));
        Assert.Equal([0], sized.output_padding);
        Assert.Equal((true, null, TorchSharp.PaddingModes.Zeros), (transposed.transposed, transposed.padding_type, transposed.padding_mode));
        Assert.Equal(0.3, norm.momentum);
    }

    [Fact]
    public void Parameters_are_drawn_anew_as_in_TorchSharp()
    {
        using TorchSharp.Modules.Conv2d theirs = nn.Conv2d(2, 3, 3);
        using QuantConv2d ours = new(2, 3, 3);
        using QuantInstanceNorm1d norm = new(2, affine: true, track_running_stats: true);
        using Tensor before = ours.weight.clone();
        manual_seed(6);
        theirs.reset_parameters();
        manual_seed(6);
        ours.reset_parameters();
        Assert.False(before.Equals(ours.weight));
        Assert.True(theirs.weight.Equals(ours.weight));
        Assert.True(theirs.bias!.Equals(ours.bias!));

        nn.init.zeros_(norm.weight);
        norm.running_var!.zero_();
        norm.reset_parameters();
        Assert.Equal([1f, 1], norm.weight.data<float>());
        Assert.Equal([1f, 1], norm.running_var!.data<float>());
    }

    [Fact]
    public void Default_descriptors_are_those_of_the_type_alone_and_can_be_set()
    {
        QuantDescriptor before = QuantConv1d.DefaultInput, weightBefore = QuantConv1d.DefaultWeight;
        try
        {
            QuantConv1d.DefaultInput = new() { NumBits = 4 };
            QuantConv1d.DefaultWeight = new() { NumBits = 3 };
            using QuantConv1d changed = new(1, 1, 1), told = new(1, 1, 1, input: new() { NumBits = 5 }, weight: new() { NumBits = 6 });
            using QuantConv2d other = new(1, 1, 1);

            Assert.Equal((4, 3), (changed.InputQuantizer.NumBits.Bits, changed.WeightQuantizer.NumBits.Bits));
            Assert.Equal((5, 6), (told.InputQuantizer.NumBits.Bits, told.WeightQuantizer.NumBits.Bits));
            Assert.Equal((8, 8), (other.InputQuantizer.NumBits.Bits, other.WeightQuantizer.NumBits.Bits));
            Assert.Throws<ArgumentNullException>(() => QuantConv1d.DefaultInput = null!);
            Assert.Throws<ArgumentNullException>(() => QuantConv1d.DefaultWeight = null!);
        }
        finally
        {
            (QuantConv1d.DefaultInput, QuantConv1d.DefaultWeight) = (before, weightBefore);
        }
    }

    [Fact]
    public void Weights_of_transposed_convolutions_have_a_range_for_each_index_of_axis_1_as_a_default()
    {
        using QuantConvTranspose2d module = new(2, 3, 3);
        Assert.Equal(1, Assert.Single(module.WeightQuantizer.Axis!));
    }

    private static void AssertEqualWeights(Func<nn.Module> theirs, Func<nn.Module> ours)
    {
        manual_seed(5);
        using nn.Module expected = theirs();
        manual_seed(5);
        using nn.Module actual = ours();
        (string name, Parameter value)[] wanted = [.. expected.named_parameters()], found = [.. actual.named_parameters()];

        Assert.Equal(wanted.Select(entry => entry.name), found.Select(entry => entry.name));
        Assert.All(wanted.Zip(found), both => Assert.True(both.First.value.Equals(both.Second.value), both.First.name));
    }
}
